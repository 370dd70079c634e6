import type { Allocation } from '../../core/allocation.ts'
import { keyOf } from '../../core/commit.ts'
import type { Committed, Effect, Holding } from '../../core/commit.ts'
import { Problem } from '../../core/problem.ts'
import type { Session } from '../../core/session.ts'
import type { CommitEvent } from '../follow.ts'
import type { Keys } from './keys.ts'
import type { Entry } from './wire.ts'

/** A row that is listed in the order in which it was added: `place` is its place within the commit that added it. */
export interface Placed<Row> {
  readonly place: number
  readonly row: Row
}

export function placedOf<Row>(entry: Entry): Placed<Row> {
  const [place, row] = parsed(entry) as [number, Row]
  return { place, row }
}

export function placedText<Row>({ place, row }: Placed<Row>): string {
  return JSON.stringify([place, row])
}

export function allocationOf(entry: Entry): Allocation {
  return parsed(entry) as Allocation
}

export function holdingOf(entry: Entry): Holding {
  return parsed(entry) as Holding
}

export function holdingText({ id, host, service, protocol, port }: Holding): string {
  const holding: Holding = { id, host, service, protocol, port }
  return JSON.stringify(holding)
}

export function sessionOf(entry: Entry): Session {
  return parsed(entry) as Session
}

/** From an allocation's id to the keys of its claim and of its service. */
export interface Pointer {
  readonly claim: string
  readonly service: string
}

export function pointerOf(entry: Entry): Pointer {
  return parsed(entry) as Pointer
}

export function pointerText(allocation: Allocation, keys: Keys): string {
  const pointer: Pointer = {
    claim: keys.claim(allocation),
    service: keys.service(keyOf.service(allocation.host, allocation.service)),
  }
  return JSON.stringify(pointer)
}

/**
 * What a commit did. Its revision is known only to the transaction that makes it, so the record is kept without, and every fence that the
 * commit gave is that revision.
 */
interface CommitRecord {
  readonly at: string
  readonly effects: readonly Effect[]
  /** The ids of what was promised, in the order of the answer. */
  readonly promised: readonly string[]
}

export function recordText(at: string, effects: readonly Effect[], { allocations }: Committed): string {
  const record: CommitRecord = { at, effects, promised: allocations.map(({ id }) => id) }
  return JSON.stringify(record)
}

/** The commit as it is told to watchers. */
export function eventOf(entry: Entry, id: string, revision: number): CommitEvent {
  const { at, effects } = parsed(entry) as CommitRecord
  return { kind: 'commit', revision, id, at, effects: effects.map((effect) => fenced(effect, revision)) }
}

/** The answer that was given to the commit. */
export function answerOf(entry: Entry, revision: number): Committed {
  const { effects, promised } = parsed(entry) as CommitRecord
  const allocations = new Map<string, Allocation>()
  for (const effect of effects) {
    if (effect.row === 'allocation' && effect.after) allocations.set(effect.key, { ...effect.after, fence: revision })
  }
  return { revision, allocations: promised.flatMap((id) => allocations.get(id) ?? []) }
}

function fenced(effect: Effect, revision: number): Effect {
  if (effect.row !== 'allocation' || effect.after === null) return effect
  return { ...effect, after: { ...effect.after, fence: revision } }
}

function parsed(entry: Entry): unknown {
  try {
    return JSON.parse(entry.value)
  } catch {
    throw new Problem('corrupt', {
      store: 'on etcd',
      why: `the value of the key ${entry.key} is not what was written there`,
    })
  }
}
