import { overlaps } from './address.ts'
import type { Allocation } from './allocation.ts'
import type { Holder, Listener } from './listener.ts'

/** An allocation compared with the listeners. */
export const verdicts = ['reserved', 'active', 'unverified', 'taken', 'silent'] as const
export type Verdict = (typeof verdicts)[number]

/** What a holder may be identified by, the surest first. */
export const clues = ['run', 'marker', 'container', 'unit', 'command', 'handshake'] as const

/** Whom a holder was found to be, and by what. */
export interface Identified {
  /** The registered service that it is, or null where it is some program that surely is not the expected service. */
  readonly service: string | null
  /**
   * `run`: we started it. `marker`: it carries the service's name in its environment. `container`: its engine says so, by label, compose service, name or image.
   * `unit`: the systemd service that it belongs to. `command`: the executable, its arguments, or the folder that it was started in. `handshake`: what it answers.
   */
  readonly by: (typeof clues)[number]
  /** The container, unit or program that said so. */
  readonly name?: string
}

/** Somebody behind a port who is no visible process: a container, a systemd service, whoever answered a handshake. */
export interface Beyond {
  readonly identified: Identified | null
  /** A container that is up while nobody listens inside. */
  readonly silent: boolean
}

export interface Judgement {
  readonly verdict: Verdict
  /** What decided it: the process, where it was one, and what identified it. */
  readonly evidence: { readonly holder: Holder | null; readonly identified: Identified } | null
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
 * guessed, so a listener that contradicts nothing stays `unverified`. `beyond` are those who are there beside visible processes, with or without a listener of this
 * machine's own (a port may be forwarded by the kernel). `wanted` says that the service should be up.
 */
export function judge(
  service: string,
  present: readonly Listener[],
  identify: (holder: Holder) => Identified | null,
  wanted: boolean,
  beyond: readonly Beyond[] = [],
): Judgement {
  if (present.length === 0 && beyond.length === 0) return { verdict: wanted ? 'silent' : 'reserved', evidence: null }
  const holders = present.flatMap((listener) => listener.holders)
  const found = [
    ...holders.map((holder) => ({ holder, identified: identify(holder), silent: false })),
    ...beyond.map((one) => ({ holder: null, ...one })),
  ].flatMap(({ holder, identified, silent }) => (identified ? [{ evidence: { holder, identified }, silent }] : []))
  const own = found.filter(({ evidence }) => evidence.identified.service === service)
  const up = own.find(({ silent }) => !silent)
  if (up) return { verdict: 'active', evidence: up.evidence }
  if (own[0]) return { verdict: 'silent', evidence: own[0].evidence }
  const [other] = found
  return other ? { verdict: 'taken', evidence: other.evidence } : { verdict: 'unverified', evidence: null }
}
