import type { Address } from './address.ts'
import type { Allocation, Bearing } from './allocation.ts'
import type { PortNumber, Protocol } from './port.ts'

/** What is asked for when a port is to be promised. */
export interface AllocationRequest extends Omit<Bearing, 'standing'> {
  readonly id: string
  readonly kind: Allocation['kind']
  readonly host: string
  readonly service: string
  readonly protocol: Protocol
  readonly address: Address
  /** In the order of preference: the first that is free at the moment of the commit is taken. */
  readonly candidates: readonly PortNumber[]
  /** The range that a candidate must lie in when the commit happens, for picks that no person made. */
  readonly within: string | null
  readonly owner: string | null
  /** As in the allocation. */
  readonly expires: string | null
  /** Refused with `claimed-meanwhile` when the service has a port of that protocol already: two who claim the same at once get one port. */
  readonly sole: boolean
  /** ISO 8601: when a promise that is given again was first made; the moment of the commit where it is new. */
  readonly since?: string
}
