import type { Allocation } from './allocation.ts'
import type { AllocationRequest } from './allocation-request.ts'
import { Draft } from './draft.ts'
import { nameKey } from './name.ts'
import type { PortNumber, Protocol } from './port.ts'
import { Problem } from './problem.ts'
import type { Range } from './range.ts'
import { resolutionKey, serviceKey } from './registry.ts'
import { rulingKey } from './ruling.ts'
import type { Ruling } from './ruling.ts'
import type { Resolution, Service } from './service.ts'
import type { Session } from './session.ts'
import type { StandingChange } from './standing.ts'

/** One step of a change to the registry. A list of them is what a plan holds and what a store commits. */
export type Change =
  | { readonly do: 'put-range'; readonly range: Range }
  | { readonly do: 'remove-range'; readonly name: string }
  | { readonly do: 'put-service'; readonly service: Service }
  | { readonly do: 'remove-service'; readonly host: string; readonly name: string }
  | ({ readonly do: 'allocate' } & AllocationRequest)
  | { readonly do: 'move'; readonly id: string; readonly fence: number; readonly candidates: readonly PortNumber[] }
  /** Takes an allocation over from another registry or a backup, as it is there but for its fence and its session, which stays behind. */
  | { readonly do: 'adopt'; readonly allocation: Allocation }
  | { readonly do: 'release'; readonly id: string; readonly fence: number }
  | { readonly do: 'record'; readonly resolution: Resolution }
  | { readonly do: 'forget'; readonly resolution: Resolution }
  | { readonly do: 'put-ruling'; readonly ruling: Ruling }
  | { readonly do: 'remove-ruling'; readonly ruling: Pick<Ruling, 'host' | 'rule' | 'about'> }
  | StandingChange

export type { AllocationRequest }

export interface Commit {
  /** Made by the caller. The same id gives the same answer, so that a lost reply can be asked for again. */
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly changes: readonly Change[]
  /** The revision that the changes were decided on; the commit is refused with `revision-moved` at any other. */
  readonly ifRevision?: number
  /** The commit's revision, and so every fence that it gives, becomes greater than this: fences of another registry stay behind. */
  readonly above?: number
}

export interface Committed {
  readonly revision: number
  /** What was promised by the commit's `allocate`, `adopt`, `move`, `hold` and `doubt` steps, in their order. */
  readonly allocations: readonly Allocation[]
}

/** What one commit does to one row: `null` before is a new row, `null` after a removed one. */
export type Effect =
  | { readonly row: 'range'; readonly key: string; readonly before: Range | null; readonly after: Range | null }
  | { readonly row: 'service'; readonly key: string; readonly before: Service | null; readonly after: Service | null }
  | {
      readonly row: 'allocation'
      readonly key: string
      readonly before: Allocation | null
      readonly after: Allocation | null
    }
  | {
      readonly row: 'resolution'
      readonly key: string
      readonly before: Resolution | null
      readonly after: Resolution | null
    }
  | { readonly row: 'ruling'; readonly key: string; readonly before: Ruling | null; readonly after: Ruling | null }
  /** Sessions come by `openSession`; a commit only ends one. */
  | { readonly row: 'session'; readonly key: string; readonly before: Session | null; readonly after: null }

/** What deciding a commit needs to look up, at one revision. Keys are those of `keyOf`. */
export interface View {
  readonly revision: number
  range(key: string): Range | null
  service(key: string): Service | null
  allocation(id: string): Allocation | null
  resolution(key: string): Resolution | null
  ruling(key: string): Ruling | null
  /** By its id; null where it was closed or is lost. */
  session(id: string): Session | null
  /** Also those of every host; all there are where the host is every host. */
  allocationsOn(host: string, protocol: Protocol, port: PortNumber): readonly Allocation[]
  /** By the service's key. */
  allocationsFor(service: string): readonly Holding[]
}

/** An allocation as one of its service's. */
export type Holding = Pick<Allocation, 'id' | 'host' | 'service' | 'protocol' | 'port'>

export const keyOf = {
  range: (name: string): string => nameKey(name),
  service: serviceKey,
  resolution: resolutionKey,
  ruling: rulingKey,
}

/**
 * What the commit does, or a thrown `Problem` and then nothing at all. Every store asks this, so that they cannot differ in what they allow.
 * Ports given up anywhere in the commit are free for all of it, whatever the order: two services can swap.
 */
export function decide(view: View, commit: Commit): { effects: Effect[]; committed: Committed } {
  if (commit.ifRevision !== undefined && commit.ifRevision !== view.revision) {
    throw new Problem('revision-moved', { expected: commit.ifRevision, current: view.revision })
  }
  const revision = Math.max(view.revision, commit.above ?? 0) + 1
  const draft = new Draft(view, revision, commit.at)
  for (const change of commit.changes) if (givesUp(change)) draft.giveUp(change)
  for (const change of commit.changes) draft.apply(change)
  draft.refuseOrphans()
  return { effects: draft.effects(), committed: { revision, allocations: draft.placed } }
}

/** Every change of an allocation that is there takes it away first; some of them put it back. */
function givesUp(change: Change): change is Extract<Change, { readonly fence: number }> {
  return 'fence' in change
}
