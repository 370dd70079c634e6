import type { Allocation } from '../allocation.ts'
import type { Subject } from '../audit/finding.ts'
import type { PortNumber } from '../port.ts'

/** What a plan is made of. The same request makes the same plan. */
export interface ResolveRequest {
  readonly subject: Subject
  /** Services that keep their port where two want one, by name. */
  readonly prefer: readonly string[]
  /** Services that are not moved whatever it costs. */
  readonly keep: readonly string[]
  /** Where a person wants a service to go, by the key of its name, whatever would keep it in its place. */
  readonly to: ReadonlyMap<string, PortNumber>
}

interface Reasons {
  /** The rules whose findings it ends. */
  readonly ends: readonly string[]
  /** What was wrong, as it is recorded: `because 8084 lies in AI & LLM Services`. */
  readonly why: string
  /** Why just there, or why nothing else was done. */
  readonly choice: string
}

/** One thing that ends one or several findings. */
export type Step =
  | (Reasons & { readonly do: 'move'; readonly allocation: Allocation; readonly to: PortNumber })
  /** A service of which only a recorded move speaks gets a port, and the record of it. */
  | (Reasons & {
      readonly do: 'register'
      readonly service: string
      readonly range: string | null
      readonly from: PortNumber
      readonly to: PortNumber
    })
  /** The records follow a service to where it is registered. */
  | (Reasons & { readonly do: 'record'; readonly service: string; readonly from: PortNumber; readonly to: PortNumber })
  /** A service stays where its users expect it, and the finding is accepted. */
  | (Reasons & { readonly do: 'accept'; readonly service: string; readonly port: PortNumber })

/** A finding that the plan leaves, and why. */
export interface Left {
  readonly rule: string
  readonly service: string
  readonly port: number
  readonly why: string
}

export interface ResolvePlan {
  readonly steps: readonly Step[]
  readonly left: readonly Left[]
}
