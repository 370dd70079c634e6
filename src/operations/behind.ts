import { nowhere, placeOf } from '../core/cgroup.ts'
import type { Place } from '../core/cgroup.ts'
import { isPublisher, noEngine, publishersOf } from '../core/container.ts'
import type { Container, EngineAnswers } from '../core/container.ts'
import type { Holder, Listener } from '../core/listener.ts'
import type { PortNumber } from '../core/port.ts'
import type { World } from './world.ts'

/** Who is behind listeners beside the processes that have them open. */
export interface Behind {
  readonly engines: EngineAnswers
  /** Where a holder runs, and where a listener without a visible holder was made. */
  placeOf(what: Holder | Listener): Place
  /** The containers that the listener is published for, or that its holders run in. */
  containersOf(listener: Listener): readonly Container[]
}

/** Of a host that nobody looked at. */
export const nothingBehind: Behind = { engines: noEngine, placeOf: () => nowhere, containersOf: () => [] }

/**
 * Looks behind the listeners, only where something is to be found: the control groups of `holders` (those that nothing else explained) and of listeners without a
 * visible holder, and the engines for what is published, what runs in a container, and `silentPorts`, at which nobody of this machine listens though a container may
 * be published there by the kernel alone.
 */
export async function lookBehind(
  world: World,
  listeners: readonly Listener[],
  holders: readonly Holder[],
  silentPorts: Iterable<PortNumber>,
): Promise<Behind> {
  const { witness } = world
  const places = new Map<Holder | Listener, Place>()
  for (const holder of holders) places.set(holder, placeOf((await witness.cgroupOf(holder)) ?? ''))
  const hidden = listeners.filter((listener) => listener.holders.length === 0)
  const groups = await witness.cgroupsOfSockets(hidden)
  for (const listener of hidden) places.set(listener, placeOf(groups.get(listener.inode) ?? ''))
  const published = listeners.filter((one) => one.holders.length === 0 || one.holders.some(isPublisher))
  const ports = new Set([...published.map(({ port }) => port), ...silentPorts])
  const ids = new Set([...places.values()].flatMap(({ container }) => container ?? []))
  const engines = ports.size || ids.size ? await witness.containers({ ports, ids }) : noEngine
  const place = (what: Holder | Listener): Place => places.get(what) ?? nowhere
  return { engines, placeOf: place, containersOf: (listener) => containersOf(engines.containers, listener, place) }
}

function containersOf(
  containers: readonly Container[],
  listener: Listener,
  place: (what: Holder | Listener) => Place,
): Container[] {
  const ids = new Set([listener, ...listener.holders].flatMap((one) => place(one).container ?? []))
  const inside = containers.filter(({ id }) => ids.has(id))
  if (inside.length || !(listener.holders.length === 0 || listener.holders.some(isPublisher))) return inside
  const publishers = publishersOf(containers, listener.protocol, listener.port)
  // Two containers may be published at different addresses of one port.
  const exact = publishers.filter(({ published }) => published.address === listener.address)
  return (exact.length ? exact : publishers).map(({ container }) => container)
}
