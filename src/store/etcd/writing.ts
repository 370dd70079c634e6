import type { Allocation } from '../../core/allocation.ts'
import type { Commit, Committed, Effect } from '../../core/commit.ts'
import type { Keys } from './keys.ts'
import type { Known } from './known.ts'
import { holdingText, placedOf, placedText, pointerText, recordText } from './rows.ts'
import { grouped, put, remove, versionIs } from './txn.ts'
import { encoded } from './wire.ts'
import type { Compare, Step } from './wire.ts'

export interface Decided {
  readonly commit: Commit
  readonly effects: readonly Effect[]
  readonly committed: Committed
}

/** What the commit writes whatever its revision will be: the value of each key, or null for a key that goes. */
export function writesOf(
  { commit, effects, committed }: Decided,
  known: Known,
  keys: Keys,
): Map<string, string | null> {
  const writes = new Map<string, string | null>()
  // First what goes: where two services swap their ports, the key of one is written anew by the other.
  for (const effect of effects) {
    if (effect.row !== 'allocation' || !effect.before) continue
    writes.set(keys.claim(effect.before), null)
    writes.set(keys.id(effect.key), null)
    writes.set(keys.holding(effect.before), null)
  }
  for (const [index, effect] of effects.entries()) {
    if (effect.row === 'allocation') {
      if (!effect.after) continue
      // The claim itself bears the revision as its fence, so it is among `numbered`.
      writes.delete(keys.claim(effect.after))
      writes.set(keys.id(effect.key), pointerText(effect.after, keys))
      writes.set(keys.holding(effect.after), holdingText(effect.after))
      continue
    }
    const key = keys.row(effect)
    if (effect.after === null) {
      writes.set(key, null)
      continue
    }
    const entry = known.key(key)
    const place = entry ? placedOf(entry).place : index
    writes.set(key, placedText({ place, row: effect.after }))
  }
  return writes.set(keys.commit(commit.id), recordText(commit.at, effects, committed))
}

export function claimText(allocation: Allocation, fence: number): string {
  return JSON.stringify({ ...allocation, fence })
}

/** The revisions that the registry may have when the commit comes to be decided. */
export interface Window {
  readonly from: number
  readonly to: number
}

/**
 * How many revisions a commit is prepared for. Between the moment a program last heard of the registry and its next commit every other program
 * may have committed; each further revision costs as many bytes as the claims do.
 */
export function windowFrom(revision: number, claims: number): Window {
  return { from: revision, to: revision + Math.max(1, Math.min(16, Math.floor(64 / (claims + 1)))) - 1 }
}

export function within({ from, to }: Window, key: string): Compare[] {
  if (from === to) return [versionIs('EQUAL', key, from)]
  return [versionIs('GREATER', key, from - 1), versionIs('LESS', key, to + 1)]
}

/**
 * The steps of the commit. The registry's revision is the version of one key that every commit puts, so etcd counts and nobody has to be first.
 * What bears the number is written by a tree of conditions that finds out which one it is: one round trip, although the number is not known beforehand.
 * The put of the revision is the first step, and its answer tells the number.
 */
export function stepsOf(
  decided: Decided,
  writes: ReadonlyMap<string, string | null>,
  window: Window,
  keys: Keys,
): Step[] {
  const { commit } = decided
  const fixed = [...writes].map(([key, value]) => (value === null ? remove(key) : put(key, value)))
  const count: Step = { request_put: { key: encoded(keys.revision), value: encoded(commit.id), prev_kv: true } }
  const numbered = (from: number, to: number): readonly Step[] => {
    if (from === to) return numberedSteps(decided, from + 1, keys)
    const middle = Math.ceil((from + to) / 2)
    const compare = [versionIs('LESS', keys.revision, middle)]
    return [{ request_txn: { compare, success: numbered(from, middle - 1), failure: numbered(middle, to) } }]
  }
  return [count, ...grouped([...fixed, ...numbered(window.from, window.to)])]
}

function numberedSteps({ commit, committed }: Decided, revision: number, keys: Keys): Step[] {
  const claims = committed.allocations.map((allocation) => put(keys.claim(allocation), claimText(allocation, revision)))
  return [put(keys.number(revision), commit.id), ...claims]
}
