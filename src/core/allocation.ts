import { overlaps } from './address.ts'
import type { Address } from './address.ts'
import { hostsMeet } from './host.ts'
import type { Moment } from './moment.ts'
import type { PortNumber, Protocol } from './port.ts'

/** One place where a listener can be: no two live allocations may overlap in it. */
export interface Endpoint {
  readonly host: string
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
}

/** The registry's promise that an endpoint belongs to a service. */
export interface Allocation extends Endpoint {
  /** Made by the caller, never used twice. */
  readonly id: string
  /** Grows with every change; only who names the current one may change or release the allocation. */
  readonly fence: number
  /** `reservation`: chosen by a person. `claim`: chosen by the allocator for an owner. */
  readonly kind: 'reservation' | 'claim'
  readonly service: string
  readonly owner: string | null
  /** ISO 8601: when the port was promised. */
  readonly since: string
  /** ISO 8601: when a claim that was made for a time is over. Over is not free: somebody may still listen. Null for ever. */
  readonly expires: string | null
  /** The moment of its host at which a claim with an end was made: wall clocks jump, and a claim must not be over early by that. */
  readonly begun?: Moment
  /** What the token of the owner is known by, never the token itself. Absent where the owner has none. */
  readonly tokenHash?: string
  /** The session that holds the claim, or held it. Absent where the claim does not depend on anybody's life. */
  readonly session?: string
  /** Absent while nothing speaks against it. `suspect`: its session was lost. `quarantined`: and nobody came back; the next step is free. */
  readonly standing?: Standing
}

export type Standing = 'suspect' | 'quarantined'

/** What a claim bears beside its place, and an older claim does not. */
export type Bearing = Pick<Allocation, 'begun' | 'tokenHash' | 'session' | 'standing'>

/** Only what is there: an absent field and one that holds nothing are the same row, and have to look the same. */
export function bearingOf({
  begun,
  tokenHash,
  session,
  standing,
}: { readonly [Field in keyof Bearing]: Bearing[Field] | undefined | null }): Bearing {
  return {
    ...(begun ? { begun } : {}),
    ...(tokenHash ? { tokenHash } : {}),
    ...(session ? { session } : {}),
    ...(standing ? { standing } : {}),
  }
}

/** Whether listeners at both endpoints could not live side by side. */
export function endpointsOverlap(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.protocol === b.protocol && hostsMeet(a.host, b.host) && overlaps(a.address, b.address)
}
