import type { Address } from '../address.ts'
import { compareListeners, sameProcess } from '../listener.ts'
import type { Holder, Listener } from '../listener.ts'
import type { PortNumber, Protocol } from '../port.ts'
import type { Verdict } from '../verdict.ts'

/** What happened to an endpoint or to an allocation between two looks. */
export type PortEvent = ListenerEvent | VerdictEvent

interface Place {
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
}

export interface ListenerEvent extends Place {
  /** `taken-over`: somebody else listens there now, and nobody saw it free in between. */
  readonly kind: 'opened' | 'closed' | 'taken-over'
  /** The user whose listener it is, or was where it closed. */
  readonly user: string
  /** Who has it now, or had it where it closed, eldest first; empty where that is not visible. */
  readonly holders: readonly Holder[]
  /** Who had it before it was taken over. */
  readonly before: readonly Holder[]
}

export interface VerdictEvent extends Place {
  readonly kind: 'verdict'
  readonly service: string
  readonly from: Verdict
  readonly to: Verdict
}

/** A verdict with the allocation that it is about. */
export interface Judged extends Place {
  readonly service: string
  readonly verdict: Verdict
}

/**
 * What happened between two looks, both sorted by `compareListeners`, in that same order. Listeners that share one endpoint (`SO_REUSEPORT`) count as one: that a worker
 * joins or leaves is no event. Nor is it one that the same process has another socket there. The same list twice costs nothing.
 */
export function listenerEvents(before: readonly Listener[], after: readonly Listener[]): ListenerEvent[] {
  if (before === after) return []
  const old = byEndpoint(before)
  const now = byEndpoint(after)
  const events: [Listener, ListenerEvent][] = []
  for (const [key, was] of old) {
    const first = was[0]
    if (first && !now.has(key)) events.push([first, event('closed', first, was, [])])
  }
  for (const [key, is] of now) {
    const [first] = is
    if (!first) continue
    const was = old.get(key)
    if (!was) events.push([first, event('opened', first, is, [])])
    else if (!haveOwnerInCommon(was, is)) events.push([first, event('taken-over', first, is, holdersOf(was))])
  }
  return events.toSorted(([a], [b]) => compareListeners(a, b)).map(([, happened]) => happened)
}

/** The verdicts that are others now. An allocation that is new or gone has changed no verdict. */
export function verdictEvents(before: readonly Judged[], after: readonly Judged[]): VerdictEvent[] {
  if (before === after) return []
  const old = new Map(before.map((judged) => [judgedKey(judged), judged.verdict]))
  return after.flatMap((judged) => {
    const { protocol, address, port, service, verdict } = judged
    const from = old.get(judgedKey(judged))
    if (from === undefined || from === verdict) return []
    return [{ kind: 'verdict' as const, protocol, address, port, service, from, to: verdict }]
  })
}

function event(
  kind: ListenerEvent['kind'],
  { protocol, address, port, user }: Listener,
  listeners: readonly Listener[],
  before: readonly Holder[],
): ListenerEvent {
  return { kind, protocol, address, port, user, holders: holdersOf(listeners), before }
}

function byEndpoint(listeners: readonly Listener[]): Map<string, Listener[]> {
  return Map.groupBy(listeners, ({ protocol, address, port }) => `${protocol} ${address} ${port}`)
}

function holdersOf(listeners: readonly Listener[]): Holder[] {
  const [first, ...others] = listeners.flatMap(({ holders }) => holders)
  if (!first || !others.length) return first ? [first] : []
  const all: Holder[] = [first]
  for (const holder of others) if (!all.some((one) => sameProcess(one, holder))) all.push(holder)
  return all
}

/** Where the holders are hidden on either side, one socket is one owner, and so is one user. */
function haveOwnerInCommon(was: readonly Listener[], is: readonly Listener[]): boolean {
  const [before, after] = [holdersOf(was), holdersOf(is)]
  if (before.length && after.length) return before.some((one) => after.some((other) => sameProcess(one, other)))
  return was.some((one) => is.some((other) => one.inode === other.inode || one.uid === other.uid))
}

function judgedKey({ service, protocol, address, port }: Judged): string {
  return `${protocol} ${port} ${address} ${service}`
}
