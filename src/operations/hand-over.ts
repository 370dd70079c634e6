import { isKeeper, keeperTitle } from '../core/hand-over.ts'
import { sameProcess } from '../core/listener.ts'
import type { Listener, ProcessIdentity } from '../core/listener.ts'
import { nameKey } from '../core/name.ts'
import type { PortNumber } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import type { World } from './world.ts'

/** The keeper of a service's socket is known by a turn in the journal: it is had by a living process, so that one that was killed leaves nothing behind. */
const turnOf = (service: string): string => `socket of ${nameKey(service)}`

/**
 * The service's socket, listening, as a descriptor that the caller closes: its keeper's, or a new one with a keeper of its own. Throws `port-taken` where somebody else
 * listens, and `hand-over-impossible`.
 */
export async function socketFor(world: World, service: string, port: PortNumber): Promise<number> {
  const keeper = await keeperOf(world, service)
  if (keeper && (await keeps(world, keeper, port))) {
    const socket = await world.machine.takeSocket(keeper)
    if (socket !== null) return socket
    throw new Problem('hand-over-impossible', {
      service,
      why: 'this system does not give a socket from one process to another',
    })
  }
  await dropSocket(world, service)
  const kept = await world.machine.keepSocket(port, keeperTitle(port, service))
  if (kept === 'taken')
    throw new Problem('port-taken', { port, protocol: 'tcp', holder: 'somebody who came this very moment', pid: null })
  if (kept === 'denied')
    throw new Problem('hand-over-impossible', {
      service,
      why: `nobody may listen on ${port} here, or this system has no way for it`,
    })
  await world.journal.takeTurn(turnOf(service), kept.keeper, await world.journal.turn(turnOf(service)))
  return kept.socket
}

/** Gives the service's socket up, where one is kept: from now on anybody may have the port. */
export async function dropSocket(world: World, service: string): Promise<void> {
  const keeper = await keeperOf(world, service)
  if (!keeper) return
  await world.machine.signal(keeper, 'TERM')
  while (await world.machine.alive(keeper)) await world.clock.sleep(2)
  await world.journal.endTurn(turnOf(service), keeper)
}

/** Whether the service's socket is kept, up or not. */
export async function isKept(world: World, service: string): Promise<boolean> {
  return (await keeperOf(world, service)) !== null
}

/** The listeners without keepers; one that only a keeper has is nobody's service, and left out. */
export function withoutKeepers(listeners: readonly Listener[]): Listener[] {
  return listeners.flatMap((listener) => {
    if (!listener.holders.some(isKeeper)) return listener
    const holders = listener.holders.filter((holder) => !isKeeper(holder))
    return holders.length ? { ...listener, holders } : []
  })
}

/** Who keeps the service's socket, null where nobody does. */
export async function keeperOf(world: World, service: string): Promise<ProcessIdentity | null> {
  const keeper = await world.journal.turn(turnOf(service))
  return keeper && (await world.machine.alive(keeper)) ? keeper : null
}

/** What it keeps may be the port that the service had before it was moved. */
async function keeps(world: World, keeper: ProcessIdentity, port: PortNumber): Promise<boolean> {
  const listeners = await world.machine.listeners({ ports: new Set([port]), protocol: 'tcp', holders: 'all' })
  return listeners.some(({ holders }) => holders.some((holder) => sameProcess(holder, keeper)))
}
