import type { PortNumber } from './port.ts'

/** What the person who keeps the table wrote in its status column: a wish or a memory, never a fact. */
export type Declared = 'active' | 'reserved'

/** A named thing that is to listen. Its ports are its allocations. */
export interface Service {
  readonly host: string
  /** Unique within the host, by `nameKey`. */
  readonly name: string
  readonly description: string
  /** The range whose table it stands in, which need not be one that holds its port. */
  readonly range: string | null
  /** Marked by a person as moved out of a conflict. */
  readonly resolved: boolean
  readonly declared: Declared
}

/** A recorded move that ended a conflict. The service need not be registered: people write down moves of things that are gone. */
export interface Resolution {
  readonly host: string
  readonly service: string
  readonly from: PortNumber | null
  readonly to: PortNumber
  readonly why: string
  /** ISO 8601, or null where nobody wrote it down. */
  readonly when: string | null
}
