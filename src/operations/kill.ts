import { z } from 'zod'
import type { Listener, ProcessIdentity } from '../core/listener.ts'
import { ancestorsOf } from '../core/process.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import { isProblem } from '../core/problem.ts'
import type { Run } from '../core/run.ts'
import { planStop } from '../core/stop-plan.ts'
import type { StopPlan } from '../core/stop-plan.ts'
import { endProcesses } from './end.ts'
import { showHolder } from './board.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { dryRunInput, holderShape, portsInput, protocolInput } from './shapes.ts'
import type { World } from './world.ts'

/** How long we look at a freed port when somebody is there who may start the service again. systemd's default `RestartSec` is 100 ms. */
const suspicionMilliseconds = 400

const processShape = z.object({ pid: z.int(), name: z.string(), command: z.string() })
const refusalShape = z.object({ pid: z.int().nullable(), name: z.string(), why: z.string() })

export type Kill = z.output<typeof output>
export type KilledPort = Kill['ports'][number]
const output = z.object({
  dryRun: z.boolean(),
  ports: z.array(
    z.object({
      port: z.int(),
      protocol: z.enum(['tcp', 'udp']),
      outcome: z.enum(['freed', 'already-free', 'refused', 'still-held', 'would-free']),
      /** Who held it when we looked. */
      holders: z.array(holderShape),
      /** Everyone who is ended for it: the holders, the wrappers above them, what these started. */
      ended: z.array(processShape),
      refused: z.array(refusalShape),
      /** Who holds it now, after the kill. */
      heldBy: z.array(holderShape),
      /** Who started the service again, or may have. */
      restarter: processShape.nullable(),
      forced: z.boolean(),
    }),
  ),
})

export const kill = operation({
  name: 'kill',
  summary: 'Ends whoever listens on exactly these ports, never a client, and verifies that the ports are free.',
  effect: 'destructive',
  positional: ['ports'],
  examples: ['ports kill 3000', 'ports kill 3000 3005-3010', 'ports kill 3000 --dry-run'],
  input: z.object({
    ports: portsInput.describe('ports and blocks of ports: 3000 3005-3010'),
    protocol: protocolInput.default('tcp'),
    timeout: z.coerce.number().min(0).max(3600).default(5).describe('seconds between asking (TERM) and forcing (KILL)'),
    dryRun: dryRunInput,
  }),
  output,
  isNo: ({ ports }) => ports.some(({ outcome }) => outcome === 'refused' || outcome === 'still-held'),
  async run(world, { ports, protocol, timeout, dryRun }, call) {
    const wanted = new Set(ports)
    const listeners = await world.machine.listeners({ ports: wanted, protocol, holders: 'all' })
    const held = Map.groupBy(listeners, ({ port }) => port)
    const plans = listeners.length ? await planEach(world, held) : new Map<PortNumber, StopPlan>()
    const targets = [...plans.values()].flatMap((plan) => plan.targets)
    if (!dryRun) await unwant(world, targets)
    const ending = dryRun ? null : await endProcesses(world, targets, timeout * 1000, call)
    const result: KilledPort[] = []
    for (const port of ports) {
      const plan = plans.get(port)
      const shown = { port, protocol, holders: holdersOf(held.get(port)), ...showPlan(plan, held.get(port)) }
      const after = plan && !dryRun ? await verify(world, held.get(port) ?? [], protocol, plan, call) : null
      const forced = plan?.targets.some(({ pid }) => ending?.forced.has(pid)) ?? false
      result.push({
        ...shown,
        forced,
        heldBy: after?.heldBy ?? [],
        restarter: after?.restarter ?? null,
        outcome: outcomeOf(plan, shown.refused, after),
      })
    }
    if (ending)
      await endRuns(
        world,
        targets.map(({ pid }) => pid),
      )
    return { dryRun, ports: result }
  },
})

async function planEach(
  world: World,
  held: ReadonlyMap<PortNumber, readonly Listener[]>,
): Promise<Map<PortNumber, StopPlan>> {
  const [table, runs] = await Promise.all([world.machine.processes(), openRuns(world)])
  const sessions = new Set(runs.map(({ process }) => process.pid))
  const self = world.machine.self().pid
  return new Map(
    [...held].map(([port, listeners]) => [
      port,
      planStop(
        table,
        listeners.flatMap(({ holders }) => holders),
        self,
        sessions,
      ),
    ]),
  )
}

/** Our own runs. Freeing a port must not fail because the journal is damaged or its disk is full: then every holder is treated as a stranger's. */
async function openRuns(world: World): Promise<Run[]> {
  try {
    return await world.journal.runs({ unended: true })
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}

function outcomeOf(
  plan: StopPlan | undefined,
  refused: KilledPort['refused'],
  after: { held: boolean } | null,
): KilledPort['outcome'] {
  if (!plan) return 'already-free'
  if (after) return after.held ? (refused.length ? 'refused' : 'still-held') : 'freed'
  return refused.length ? 'refused' : 'would-free'
}

function showPlan(
  plan: StopPlan | undefined,
  listeners: readonly Listener[] = [],
): Pick<KilledPort, 'ended' | 'refused'> {
  const hidden = listeners.filter(({ holders }) => holders.length === 0)
  return {
    ended: (plan?.targets ?? []).map(({ pid, name, arguments: words }) => ({ pid, name, command: words.join(' ') })),
    refused: [
      ...(plan?.refused ?? []),
      ...hidden.map(({ user }) => ({ pid: null, name: `a process of ${user}`, why: 'hidden' })),
    ],
  }
}

interface Verified {
  readonly held: boolean
  readonly heldBy: KilledPort['heldBy']
  readonly restarter: KilledPort['restarter']
}

/**
 * Whether the endpoints can be bound now, by binding them. Where somebody stays who may start the service again, the port is looked at for a moment
 * longer: a kill that lasts 100 ms is none.
 */
async function verify(
  world: World,
  before: readonly Listener[],
  protocol: Protocol,
  plan: StopPlan,
  call: Call,
): Promise<Verified> {
  const port = before[0]?.port
  if (port === undefined) return { held: false, heldBy: [], restarter: null }
  const until = world.clock.elapsed() + (plan.restarters.length && plan.targets.length ? suspicionMilliseconds : 0)
  let held = await isHeld(world, before)
  while (!held && world.clock.elapsed() < until && !call.signal.aborted) {
    await world.clock.sleep(10)
    held = await isHeld(world, before)
  }
  if (!held) return { held, heldBy: [], restarter: null }
  const now = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  const killed = new Set(plan.targets.map(({ pid }) => pid))
  const newcomer = now.flatMap(({ holders }) => holders).find(({ pid }) => !killed.has(pid))
  return { held, heldBy: holdersOf(now), restarter: newcomer ? await restarterOf(world, newcomer, plan) : null }
}

/** Who most likely started the newcomer: the nearest of its ancestors that was there before, which is not a launcher that came with it. */
async function restarterOf(world: World, newcomer: ProcessIdentity, plan: StopPlan): Promise<KilledPort['restarter']> {
  const table = await world.machine.processes()
  const eldest = Math.max(0, ...plan.targets.map(({ start }) => start))
  const above = ancestorsOf(table, newcomer.pid).flatMap((pid) => table.find((row) => row.pid === pid) ?? [])
  const restarter = above.find(({ start }) => start <= eldest) ?? plan.restarters[0]
  return restarter ? { pid: restarter.pid, name: restarter.name, command: restarter.arguments.join(' ') } : null
}

async function isHeld(world: World, endpoints: readonly Listener[]): Promise<boolean> {
  for (const { protocol, address, port } of endpoints) {
    if ((await world.machine.probe({ protocol, address, port })) === 'taken') return true
  }
  // A privileged port cannot be probed by everyone, and a socket with SO_REUSEPORT lets others in: the list of listeners decides.
  const [first] = endpoints
  if (!first) return false
  return (
    (await world.machine.listeners({ ports: new Set([first.port]), protocol: first.protocol, holders: 'none' }))
      .length > 0
  )
}

function holdersOf(listeners: readonly Listener[] = []): KilledPort['holders'] {
  const holders = new Map(
    listeners.flatMap((listener) => listener.holders).map((holder) => [holder.pid, showHolder(holder)]),
  )
  return [...holders.values()]
}

/** Whose run is killed by a person is not wanted any more: told before anything is ended, so that nobody brings it back. */
async function unwant(world: World, targets: readonly ProcessIdentity[]): Promise<void> {
  const pids = new Set(targets.map(({ pid }) => pid))
  try {
    for (const run of await openRuns(world)) if (pids.has(run.process.pid)) await world.journal.want(run.service, false)
  } catch (error) {
    // A journal that cannot be written keeps no port busy.
    if (!isProblem(error)) throw error
  }
}

/** Runs of ours that were killed through their port ended by us, and the journal says so. */
async function endRuns(world: World, pids: readonly number[]): Promise<void> {
  const ended = new Set(pids)
  if (!ended.size) return
  for (const run of await openRuns(world)) {
    if (ended.has(run.process.pid) && !(await world.machine.alive(run.process))) {
      await world.journal.end(run.id, { code: null, signal: 'TERM' }, world.clock.now().toISOString())
    }
  }
}
