import type { Effect } from '../../core/commit.ts'
import { Known, parentOf } from './known.ts'
import type { Keys } from './keys.ts'
import { holdingText } from './rows.ts'
import type { Entry } from './wire.ts'
import { claimText } from './writing.ts'
import type { Decided } from './writing.ts'

/** What a commit that succeeded at etcd's revision `asOf` lets us know without looking. */
export function knownAfter(
  { effects, committed }: Decided,
  writes: ReadonlyMap<string, string | null>,
  before: Known,
  revision: number,
  asOf: number,
  keys: Keys,
): Known {
  const after = new Known()
  after.revision = revision
  for (const [key, value] of writes) if (isRow(key, keys)) after.keys.set(key, value === null ? null : made(key, value))
  const put = new Map(
    committed.allocations.map((row) => [keys.claim(row), made(keys.claim(row), claimText(row, revision))]),
  )
  for (const effect of effects) {
    if (effect.row !== 'allocation' || !effect.after) continue
    const key = keys.holding(effect.after)
    put.set(key, made(key, holdingText(effect.after)))
  }
  const folders = new Map<string, boolean>()
  for (const effect of effects) {
    if (effect.row !== 'allocation') continue
    if (effect.before) folders.set(parentOf(keys.claim(effect.before)), false)
    for (const row of [effect.before, effect.after]) if (row) folders.set(parentOf(keys.holding(row)), false)
  }
  for (const row of committed.allocations) folders.set(parentOf(keys.claim(row)), true)
  for (const [folder, taken] of folders) {
    const known = before.folders.get(folder)
    const kept = (known?.entries ?? []).filter(({ key }) => !put.has(key) && writes.get(key) !== null)
    const added = [...put].filter(([key]) => parentOf(key) === folder).map(([, entry]) => entry)
    // On a taken port the transaction saw that nobody else had come until now; on one that was left nobody looked.
    after.folders.set(folder, { asOf: taken ? asOf : (known?.asOf ?? 0), entries: [...kept, ...added] })
  }
  for (const host of new Set(effects.flatMap((effect) => (effect.row === 'allocation' ? hostsOf(effect) : [])))) {
    const known = before.folders.get(keys.claims(host))
    if (!known) continue
    const kept = known.entries.filter(({ key }) => !put.has(key) && writes.get(key) !== null)
    const added = [...put].filter(([key]) => key.startsWith(keys.claims(host))).map(([, entry]) => entry)
    after.folders.set(keys.claims(host), { asOf: known.asOf, entries: [...kept, ...added] })
  }
  return after

  function made(key: string, value: string): Entry {
    return { key, value, version: 1, created: asOf, modified: asOf }
  }
}

function hostsOf({ before, after }: Extract<Effect, { row: 'allocation' }>): string[] {
  return [before, after].flatMap((row) => (row ? [row.host] : []))
}

function isRow(key: string, keys: Keys): boolean {
  return ![keys.claims(), keys.commits, keys.holdings].some((folder) => key.startsWith(folder))
}
