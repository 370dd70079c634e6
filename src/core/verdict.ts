import { overlaps } from './address.ts'
import type { Allocation } from './allocation.ts'
import type { Holder, Listener } from './listener.ts'

/** An allocation compared with the listeners. */
export const verdicts = ['reserved', 'active', 'unverified', 'taken', 'silent'] as const
export type Verdict = (typeof verdicts)[number]

/** Whom a holder was found to be, and by what. */
export interface Identified {
  /** The registered service that it is, or null where it is some program that surely is not the expected service. */
  readonly service: string | null
  /** `run`: we started it. `marker`: it carries the service's name in its environment. `command`: the executable or its arguments say so. */
  readonly by: 'run' | 'marker' | 'command'
}

export interface Judgement {
  readonly verdict: Verdict
  /** The holder that decided it, with what identified it. */
  readonly evidence: { readonly holder: Holder; readonly identified: Identified } | null
}

/** The listeners beside which the allocated service could not listen, or which it is. */
export function listenersAt(
  listeners: readonly Listener[],
  { protocol, port, address }: Pick<Allocation, 'protocol' | 'port' | 'address'>,
): Listener[] {
  return listeners.filter(
    (listener) => listener.port === port && listener.protocol === protocol && overlaps(listener.address, address),
  )
}

/**
 * What the listeners at an allocation's endpoint make of it. `identify` says who a holder surely is, and null where nothing tells: nothing is
 * guessed, so a listener that contradicts nothing stays `unverified`. `wanted` says that the service should be up.
 */
export function judge(
  service: string,
  present: readonly Listener[],
  identify: (holder: Holder) => Identified | null,
  wanted: boolean,
): Judgement {
  if (present.length === 0) return { verdict: wanted ? 'silent' : 'reserved', evidence: null }
  let contradiction: Judgement | null = null
  for (const { holders } of present) {
    for (const holder of holders) {
      const identified = identify(holder)
      if (identified?.service === service) return { verdict: 'active', evidence: { holder, identified } }
      if (identified) contradiction ??= { verdict: 'taken', evidence: { holder, identified } }
    }
  }
  return contradiction ?? { verdict: 'unverified', evidence: null }
}
