import type { Listener, ProcessIdentity } from '../../core/listener.ts'
import type { Protocol } from '../../core/port.ts'
import { ancestorsOf } from '../../core/process.ts'
import type { ProcessRow } from '../../core/process.ts'
import type { StopPlan } from '../../core/stop/plan.ts'
import type { Call } from '../operation.ts'
import type { World } from '../world.ts'

/** How long we look at a freed port when somebody is there who may start the service again. systemd's default `RestartSec` is 100 ms. */
const suspicionMilliseconds = 400
/** How long an engine or systemd may take to take a port down behind what it ended. */
const othersMilliseconds = 1000

export interface Verified {
  readonly isHeld: boolean
  /** Who listens now. */
  readonly held: readonly Listener[]
  readonly restarter: ProcessRow | null
}

const free: Verified = { isHeld: false, held: [], restarter: null }

/**
 * Whether the endpoints can be bound now, by binding them. Where somebody stays who may start the service again, the port is looked at for a moment
 * longer: a kill that lasts 100 ms is none.
 */
export async function verify(
  world: World,
  before: readonly Listener[],
  protocol: Protocol,
  plan: StopPlan,
  call: Call,
): Promise<Verified> {
  const port = before[0]?.port
  if (port === undefined) return free
  const targets = plan.acts.flatMap((act) => (act.kind === 'processes' ? act.targets : []))
  const patience = plan.acts.every(({ kind }) => kind === 'processes' || kind === 'socket') ? 0 : othersMilliseconds
  const begin = world.clock.elapsed()
  let isHeld = await areHeld(world, before)
  while (isHeld && world.clock.elapsed() < begin + patience && !call.signal.aborted) {
    await world.clock.sleep(10)
    isHeld = await areHeld(world, before)
  }
  const until = world.clock.elapsed() + (plan.restarters.length && targets.length ? suspicionMilliseconds : 0)
  while (!isHeld && world.clock.elapsed() < until && !call.signal.aborted) {
    await world.clock.sleep(10)
    isHeld = await areHeld(world, before)
  }
  if (!isHeld) return free
  const held = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  const killed = new Set(targets.map(({ pid }) => pid))
  const newcomer = held.flatMap(({ holders }) => holders).find(({ pid }) => !killed.has(pid))
  return { isHeld, held, restarter: newcomer ? await restarterOf(world, newcomer, plan, targets) : null }
}

/** Who most likely started the newcomer: the nearest of its ancestors that was there before, which is not a launcher that came with it. */
async function restarterOf(
  world: World,
  newcomer: ProcessIdentity,
  plan: StopPlan,
  targets: readonly ProcessRow[],
): Promise<ProcessRow | null> {
  const table = await world.machine.processes()
  const eldest = Math.max(0, ...targets.map(({ start }) => start))
  const above = ancestorsOf(table, newcomer.pid).flatMap((pid) => table.find((row) => row.pid === pid) ?? [])
  return above.find(({ start }) => start <= eldest) ?? plan.restarters[0] ?? null
}

async function areHeld(world: World, endpoints: readonly Listener[]): Promise<boolean> {
  for (const { protocol, address, port } of endpoints) {
    if ((await world.machine.probe({ protocol, address, port })) === 'taken') return true
  }
  // A privileged port cannot be probed by everyone, and a socket with SO_REUSEPORT lets others in: the list of listeners decides.
  const [first] = endpoints
  if (!first) return false
  const { port, protocol } = first
  return (await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'none' })).length > 0
}
