import { causesOf } from '../../core/cause.ts'
import { nowhere, placeOf } from '../../core/cgroup.ts'
import { publishersOf } from '../../core/container.ts'
import type { Container } from '../../core/container.ts'
import { countsOn } from '../../core/host.ts'
import { serviceKept } from '../../core/hand-over.ts'
import { sameProcess } from '../../core/listener.ts'
import type { Listener, ProcessIdentity } from '../../core/listener.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'
import { ancestorsOf, treeOf } from '../../core/process.ts'
import type { ProcessRow } from '../../core/process.ts'
import type { Allocation } from '../../core/allocation.ts'
import { runVariable } from '../../core/run.ts'
import type { Run } from '../../core/run.ts'
import type { SeenHolder, StopSight } from '../../core/stop/plan.ts'
import type { Unit } from '../../core/stop/unit.ts'
import { keeperOf } from '../hand-over.ts'
import { lookBehind } from '../behind.ts'
import type { Behind } from '../behind.ts'
import type { Call } from '../operation.ts'
import { everyMember, membersOf } from '../runs.ts'
import type { World } from '../world.ts'
import { unitListenedFor, unitNamed } from './units.ts'

/** What stands at each of the ports that somebody is on, and around it. `kin`: a holder that is none of the relations of the youngest one may be missed. */
export async function lookAtPorts(
  world: World,
  ports: readonly PortNumber[],
  protocol: Protocol,
  extent: 'all' | 'kin',
  call: Call,
): Promise<{ sights: StopSight[]; listeners: ReadonlyMap<PortNumber, readonly Listener[]> }> {
  const meant = await world.machine.listeners({ ports: new Set(ports), protocol, holders: extent })
  const held = Map.groupBy(meant, ({ port }) => port)
  const behind = await lookBehind(
    world,
    meant,
    meant.flatMap(({ holders }) => holders),
    ports.filter((port) => !held.has(port)),
  )
  const published = (port: PortNumber): Container[] =>
    publishersOf(behind.engines.containers, protocol, port).map(({ container }) => container)
  const busy = ports.filter((port) => held.has(port) || published(port).length)
  if (!busy.length) return { sights: [], listeners: held }
  const [table, runs, promised] = await Promise.all([world.machine.processes(), openRuns(world), promises(world)])
  const self = world.machine.self().pid
  const ownPlace = placeOf((await world.witness.cgroupOf(world.machine.self())) ?? '')
  const sights: StopSight[] = []
  for (const port of busy) {
    const listeners = held.get(port) ?? []
    const units = new Map<string, Unit>()
    const seen = await seenHolders(world, listeners, behind, table, units, call)
    const unseen = [
      ...listeners.filter((one) => one.holders.length === 0).map((one) => unseenOf(one, behind)),
      ...(listeners.length ? [] : published(port).map((container) => ({ user: 'root', place: nowhere, container }))),
    ]
    for (const { place } of unseen) await meet(world, place, units, call)
    const keepers = await keepersAmong(world, listeners)
    const members = new Set(seen.flatMap(({ pid }) => treeOf(table, pid)).map(({ pid }) => pid))
    sights.push({
      port,
      protocol,
      holders: seen.filter(({ pid }) => !keepers.has(pid)),
      kept: [...keepers.values()][0] ?? null,
      unseen,
      table,
      self,
      ownPlace,
      runs: await sessionsOf(world, runs, seen, table),
      units,
      services: promised.filter((one) => one.port === port && one.protocol === protocol).map(({ service }) => service),
      others: await othersOf(world, port, seen, members, promised),
      connections: protocol === 'tcp' ? await foreignConnections(world, port, members) : 0,
    })
  }
  return { sights, listeners: held }
}

/** The sessions of each run. One that a holder marks as its own may have others than its first process leads: what makes itself a daemon leaves that. */
async function sessionsOf(
  world: World,
  runs: readonly Run[],
  holders: readonly SeenHolder[],
  table: readonly ProcessRow[],
): Promise<Map<number, string>> {
  // A run that nobody saw end is told of still, when its pid is somebody else's by now or the machine was started again.
  const { boot } = world.machine.self()
  const going = runs.filter((run) => run.process.boot === boot && membersOf(run, table).length > 0)
  const sessions = new Map(going.map(({ process, service }) => [process.pid, service]))
  const marks = await Promise.all(holders.map((holder) => world.machine.environmentOf(holder, runVariable)))
  for (const run of runs.filter(({ id }) => marks.includes(id)))
    for (const { session } of await everyMember(world, run, table)) sessions.set(session, run.service)
  return sessions
}

/** Our keepers among the holders: pid, and the service for which each keeps the socket. What only calls itself so is a process like any other. */
async function keepersAmong(world: World, listeners: readonly Listener[]): Promise<Map<number, string>> {
  const keepers = new Map<number, string>()
  for (const holder of listeners.flatMap(({ holders }) => holders)) {
    const service = serviceKept(holder)
    const keeper = service === null ? null : await knownKeeper(world, service)
    if (service !== null && keeper && sameProcess(keeper, holder)) keepers.set(holder.pid, service)
  }
  return keepers
}

async function knownKeeper(world: World, service: string): Promise<ProcessIdentity | null> {
  try {
    return await keeperOf(world, service)
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
}

async function seenHolders(
  world: World,
  listeners: readonly Listener[],
  behind: Behind,
  table: readonly ProcessRow[],
  units: Map<string, Unit>,
  call: Call,
): Promise<SeenHolder[]> {
  const rows = new Map(table.map((row) => [row.pid, row]))
  const seen = new Map<number, SeenHolder>()
  for (const listener of listeners) {
    for (const holder of listener.holders) {
      if (seen.has(holder.pid)) continue
      const place = behind.placeOf(holder)
      await meet(world, place, units, call)
      const { boot, pid, start, name } = holder
      const lineage = [pid, ...ancestorsOf(table, pid)].flatMap((one) => rows.get(one) ?? [])
      seen.set(pid, {
        boot,
        pid,
        start,
        name,
        place,
        container: behind.containersOf(listener)[0] ?? null,
        causes: causesOf(lineage),
        listensFor: name === 'systemd' ? await unitListenedFor(world, listener.port, pid !== 1, call) : null,
      })
    }
  }
  return [...seen.values()]
}

/** Asks for the unit once. One that its manager does not know, or may not be spoken to about, is none. */
async function meet(world: World, { unit, ofUser }: SeenHolder['place'], units: Map<string, Unit>, call: Call) {
  if (unit === null || units.has(unit)) return
  const found = await unitNamed(world, unit, ofUser, call)
  if (found) units.set(unit, found)
}

function unseenOf(listener: Listener, behind: Behind): StopSight['unseen'][number] {
  return {
    user: listener.user,
    place: behind.placeOf(listener),
    container: behind.containersOf(listener)[0] ?? null,
  }
}

/** Our own runs. Freeing a port must not fail because the journal is damaged or its disk is full: then every holder is treated as a stranger's. */
export async function openRuns(world: World): Promise<Run[]> {
  try {
    return await world.journal.runs({ unended: true })
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}

/** What this host promises; nothing where the registry cannot be read, for the same reason. */
async function promises(world: World): Promise<readonly Allocation[]> {
  try {
    const { allocations } = await world.registry.read({ host: world.host })
    return allocations.filter((one) => countsOn(one, world.host))
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}

/** Ports that the holders, or what stands below them, have beside this one, and those that their containers publish. */
async function othersOf(
  world: World,
  port: PortNumber,
  holders: readonly SeenHolder[],
  members: ReadonlySet<number>,
  promised: readonly Allocation[],
): Promise<StopSight['others']> {
  // An engine that holds the port for a container stays, with all that it has.
  const engines = new Set(holders.flatMap(({ pid, container }) => (container ? [pid] : [])))
  const sockets = await world.witness.socketsOf([...members].filter((pid) => !engines.has(pid)))
  const all = sockets.size ? await world.machine.listeners({ holders: 'none' }) : []
  const own = all.filter(({ inode }) => sockets.has(inode))
  const published = holders.flatMap(({ container }) => container?.published ?? [])
  const others = new Map([...own, ...published].filter((one) => one.port !== port).map((one) => [one.port, one]))
  return [...others.values()].map((one) => ({
    port: one.port,
    service:
      promised.find((promise) => promise.port === one.port && promise.protocol === one.protocol)?.service ?? null,
  }))
}

/** Connections of those who are not ended themselves: a worker that talks to its master is no client. */
async function foreignConnections(world: World, port: PortNumber, members: ReadonlySet<number>): Promise<number> {
  const connections = await world.witness.connections(port)
  return connections.filter(({ clients }) => !clients.some(({ pid }) => members.has(pid))).length
}
