import type { Address } from './address.ts'
import type { Allocation } from './allocation.ts'
import type { PortNumber, Protocol } from './port.ts'
import type { Range } from './range.ts'
import type { Ruling } from './ruling.ts'
import type { Declared } from './service.ts'

/**
 * What a person's port table or an exported registry says, before anybody asks whether the registry can take it.
 * Every line is 1-based; 0 where it is not known.
 */
export interface PortDocument {
  readonly ranges: readonly (Range & { readonly line: number })[]
  readonly services: readonly DocumentService[]
  readonly moves: readonly DocumentMove[]
  readonly rulings: readonly DocumentRuling[]
  /** Everything that looked as if it meant a port and could not be used. */
  readonly unused: readonly UnusedLine[]
}

export interface DocumentService {
  readonly line: number
  /** Without its `(Resolved)` mark. */
  readonly name: string
  readonly resolved: boolean
  readonly declared: Declared
  readonly description: string
  /** Name of the range whose table it stands in. */
  readonly range: string | null
  /** In the order of the document, without repetitions; empty only where it says in words that the service has no port. */
  readonly ports: readonly DocumentPort[]
}

export interface DocumentPort {
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
  /** A person's table holds reservations only; an exported registry says which they are. */
  readonly kind: Allocation['kind']
  readonly owner: string | null
}

/** A recorded move: a line of a "moved to" list. */
export interface DocumentMove {
  readonly line: number
  readonly service: string
  readonly from: PortNumber | null
  readonly to: PortNumber
  readonly why: string
  /** ISO 8601, or null where the document does not say. */
  readonly when: string | null
}

/** A level of a rule, or what is accepted of it; whose it is, the import knows. */
export type DocumentRuling = Omit<Ruling, 'host'> & { readonly line: number }

export interface UnusedLine {
  readonly line: number
  readonly text: string
  readonly why: string
  /** The line says something that another line or the registry says otherwise: a person has to decide. */
  readonly contradicts: boolean
}
