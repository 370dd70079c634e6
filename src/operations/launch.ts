import { anyAddress } from '../core/address.ts'
import { nameKey } from '../core/name.ts'
import { runUnit } from '../core/cgroup.ts'
import { describeHolder } from '../core/process.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { runVariable, serviceVariable } from '../core/run.ts'
import type { Call } from './operation.ts'
import { dropSocket, socketFor, withoutKeepers } from './hand-over.ts'
import { awaitReady } from './ready.ts'
import type { Beginning } from './ready.ts'
import { environmentFor } from './recipes.ts'
import { currentRun } from './runs.ts'
import { tellPorts } from './tell-ports.ts'
import type { CurrentRun } from './runs.ts'
import type { Start, Started, UnitStart, World } from './world.ts'

/** A service that listens now. */
export interface BroughtUp {
  service: string
  port: number
  protocol: Protocol
  outcome: 'started' | 'already-running'
  pid: number
  /** Addresses that it listens on. */
  addresses: string[]
  /** Milliseconds from the start of the command until it was ready; null where it ran already. */
  readyAfter: number | null
  log: string
}

/** What to start, and where. */
export interface Launch {
  readonly recipe: Recipe
  readonly port: PortNumber
  readonly protocol: Protocol
  /** Only where it is wanted at the moment at which it begins: whoever stops it meanwhile has the last word. */
  readonly whileWanted?: boolean
  /** Told once its process is there and written down. */
  readonly begun?: (beginning: Beginning) => void
}

/**
 * Starts the service and waits until it is ready, or says that it runs already. Whoever else starts the same service at this moment is waited for, so that
 * it never runs twice. Throws `port-taken`, `start-exited`, `start-silent`, `interrupted`, `spawn-failed`, `not-wanted`.
 */
export async function bringUp(world: World, launch: Launch, call: Call): Promise<BroughtUp> {
  const { service } = launch.recipe
  await takeTurn(world, service, call)
  try {
    const running = await currentRun(world, service)
    if (running) return await showRunning(world, running)
    const kept = launch.recipe.handOver && launch.protocol === 'tcp'
    if (!kept) await dropSocket(world, service)
    await refuseHeldPort(world, launch, call)
    const socket = kept ? await socketFor(world, service, launch.port) : null
    try {
      const beginning = await begin(world, launch, socket, call)
      return await awaitReady(world, beginning, launch.recipe, call)
    } catch (error) {
      if (kept && !(await isWanted(world, service))) await dropSocket(world, service)
      throw error
    } finally {
      if (socket !== null) world.machine.closeSocket(socket)
    }
  } finally {
    await world.journal.endTurn(service, world.machine.self())
  }
}

async function isWanted(world: World, service: string): Promise<boolean> {
  return (await world.journal.wanted()).some((one) => nameKey(one) === nameKey(service))
}

/** Waits while another process starts the service: then it runs, or its turn is over. */
async function takeTurn(world: World, service: string, call: Call): Promise<void> {
  const self = world.machine.self()
  let told = false
  for (;;) {
    const other = await world.journal.takeTurn(service, self, null)
    if (other === null) return
    if (!(await world.machine.alive(other)) && (await world.journal.takeTurn(service, self, other)) === null) return
    if (call.signal.aborted)
      throw new Problem('interrupted', { what: `the start of ${service}`, left: 'Nothing is left behind.' })
    if (!told) call.progress(`${service} is being started by pid ${other.pid}, waiting for it`)
    told = true
    await world.clock.sleep(50, call.signal)
  }
}

/** Nobody may be on the port: a start that "succeeds" because somebody else answers is the worst kind of failure. Throws `port-taken`. */
async function refuseHeldPort(world: World, { recipe, port, protocol }: Launch, call: Call): Promise<void> {
  const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  const [listener] = withoutKeepers(listeners)
  if (!listener) {
    if (listeners.length && recipe.handOver) return
    if ((await world.machine.probe({ protocol, address: anyAddress, port })) !== 'taken') return
    throw new Problem('port-taken', {
      port,
      protocol,
      holder: 'a connection or a process that is not visible to us',
      pid: null,
    })
  }
  const holder = listener.holders[0]
  throw new Problem('port-taken', {
    port,
    protocol,
    holder: holder
      ? describeHolder(holder, world.clock.now(), call.environment.HOME ?? null)
      : `a process of ${listener.user}`,
    pid: holder?.pid ?? null,
  })
}

async function begin(
  world: World,
  { recipe, port, protocol, whileWanted, begun }: Launch,
  socket: number | null,
  call: Call,
): Promise<Beginning> {
  const { service, command, cwd, memory } = recipe
  if ((await world.files.stamp(cwd)) === null) throw new Problem('folder-gone', { service, folder: cwd })
  const id = world.newId()
  const startedAt = world.clock.now().toISOString()
  const log = `${world.files.logs}/${logName(service)}/${startedAt.replace(/[:.]/g, '-')}.log`
  const told = await tellPorts(world, recipe, port)
  const environment = { ...(await environmentFor(world, told, call)), PORT: String(port) }
  // The unit of a run whose end nobody asked for would stand there as failed for ever.
  const [last] = recipe.backend === 'systemd' ? await world.journal.runs({ service }) : []
  if (last) await world.machine.unitEnding(runUnit(last.id), call.environment)
  const announced = { id, service, protocol, port, command, cwd, log, startedAt, endedAt: null, ending: null }
  if (!(await world.journal.begin(announced, whileWanted))) throw new Problem('not-wanted', { service })
  const since = world.clock.elapsed()
  const { process, ended } = await spawnAnnounced(world, id, {
    // The person's own words, as one argument: nothing of ours is pasted around them. `{port}` and `{port of Redis}` are digits.
    command: ['/bin/sh', '-c', told.command],
    cwd,
    environment: { ...environment, [serviceVariable]: service, [runVariable]: id },
    log,
    memory,
    socket,
    unit: unitFor(recipe, id),
  })
  await world.journal.began(id, process)
  const beginning = { run: { ...announced, process }, ended, since }
  begun?.(beginning)
  return beginning
}

async function spawnAnnounced(world: World, id: string, start: Start): Promise<Started> {
  try {
    return await world.machine.spawn(start)
  } catch (error) {
    await world.journal.end(id, { code: null, signal: null }, world.clock.now().toISOString())
    throw error
  }
}

/** How systemd is to run it; null where we do. */
function unitFor({ backend, service, stop, handOver }: Recipe, id: string): UnitStart | null {
  if (backend !== 'systemd') return null
  if (handOver)
    throw new Problem('backend-unavailable', {
      service,
      why: 'a socket that is handed over cannot be passed through it',
    })
  return { name: runUnit(id), service, stop }
}

/** A folder name that any file system takes, unlike for unlike services. */
function logName(service: string): string {
  return encodeURIComponent(service.toLowerCase())
    .replace(/%20/g, '-')
    .replace(/[%*'()!~.]/g, '_')
    .slice(0, 100)
}

async function showRunning(world: World, { run, members }: CurrentRun): Promise<BroughtUp> {
  const { service, port, protocol, log } = run
  const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  const pids = new Set(members.map(({ pid }) => pid))
  const own = listeners.filter(({ holders }) => holders.some(({ pid }) => pids.has(pid)))
  const pid = own[0]?.holders[0]?.pid ?? run.process.pid
  const addresses = own.map(({ address }) => address)
  return {
    service,
    port,
    protocol,
    outcome: 'already-running',
    pid,
    addresses,
    readyAfter: null,
    log,
  }
}
