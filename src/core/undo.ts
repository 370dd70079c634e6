import type { Allocation } from './allocation.ts'
import { keyOf } from './commit.ts'
import type { Change, Effect } from './commit.ts'
import { countsOn } from './host.ts'
import { Problem } from './problem.ts'
import type { Registry } from './registry.ts'

/** A commit as the store remembers it. */
export interface MadeCommit {
  readonly revision: number
  /** ISO 8601. */
  readonly at: string
  readonly effects: readonly Effect[]
}

/** Whether the commit changed something of the host, or something that all hosts share. */
export function concerns({ effects }: MadeCommit, host: string): boolean {
  return effects.some((effect) => {
    const row = effect.after ?? effect.before
    return row !== null && (!('host' in row) || row.host === null || countsOn({ host: row.host }, host))
  })
}

/**
 * The changes that bring every row that the commit changed back to what it was before. `later` are the commits after it, oldest first. Throws
 * `undo-overtaken` where a row is not any more as the commit left it: what came later would be lost without a word.
 */
export function planUndo(registry: Registry, commit: MadeCommit, later: readonly MadeCommit[]): Change[] {
  const rows = rowsOf(registry)
  // A session is somebody who was there: that cannot be made so again.
  const effects = commit.effects.filter(({ row }) => row !== 'session')
  for (const effect of effects) {
    if (same(rows.get(rowName(effect)) ?? null, effect.after)) continue
    const by = later.find((made) => made.effects.some((one) => rowName(one) === rowName(effect)))
    throw new Problem('undo-overtaken', {
      revision: commit.revision,
      row: describe(effect),
      by: by?.revision ?? null,
      at: by?.at ?? null,
    })
  }
  // A service comes back before its ports and goes after them.
  return effects
    .map((effect) => ({ change: inverse(effect), rank: rankOf(effect) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ change }) => change)
}

function rankOf({ row, before }: Effect): number {
  if (row === 'allocation') return 1
  return before === null ? 2 : 0
}

function inverse(effect: Effect): Change {
  switch (effect.row) {
    case 'range':
      if (effect.before) return { do: 'put-range', range: effect.before }
      return { do: 'remove-range', name: present(effect.after).name }
    case 'service': {
      if (effect.before) return { do: 'put-service', service: effect.before }
      const { host, name } = present(effect.after)
      return { do: 'remove-service', host, name }
    }
    case 'resolution':
      if (effect.before) return { do: 'record', resolution: effect.before }
      return { do: 'forget', resolution: present(effect.after) }
    case 'ruling':
      if (effect.before) return { do: 'put-ruling', ruling: effect.before }
      return { do: 'remove-ruling', ruling: present(effect.after) }
    case 'session':
      throw new Error('a session that should have been left out')
    case 'allocation':
      return inverseOfAllocation(effect.before, effect.after)
  }
}

function inverseOfAllocation(before: Allocation | null, after: Allocation | null): Change {
  if (!before) {
    const { id, fence } = present(after)
    return { do: 'release', id, fence }
  }
  const { port, fence: _fence, session: _session, standing: _standing, ...promise } = before
  if (after?.port === port) return { do: 'hold', id: after.id, fence: after.fence, session: null }
  if (after) return { do: 'move', id: after.id, fence: after.fence, candidates: [port] }
  return { do: 'allocate', ...promise, candidates: [port], within: null, sole: false }
}

function present<Row>(row: Row | null): Row {
  if (row === null) throw new Error('a commit that neither made nor left a row')
  return row
}

/** Every row of the registry by the name that effects have for it. */
function rowsOf({ ranges, services, allocations, resolutions, rulings }: Registry): Map<string, object> {
  return new Map<string, object>([
    ...ranges.map((row) => [`range ${keyOf.range(row.name)}`, row] as const),
    ...services.map((row) => [`service ${keyOf.service(row.host, row.name)}`, row] as const),
    ...allocations.map((row) => [`allocation ${row.id}`, row] as const),
    ...resolutions.map((row) => [`resolution ${keyOf.resolution(row)}`, row] as const),
    ...rulings.map((row) => [`ruling ${keyOf.ruling(row)}`, row] as const),
  ])
}

function rowName({ row, key }: Effect): string {
  return `${row} ${key}`
}

function describe(effect: Effect): string {
  const row = effect.after ?? effect.before
  if (row === null) return effect.row
  if ('port' in row) return `the port ${row.port}/${row.protocol} of ${row.service}`
  if ('rule' in row) return `what was decided about ${row.rule}`
  if ('why' in row) return `the record that ${row.service} moved to ${row.to}`
  return 'name' in row ? `the ${effect.row} ${row.name}` : `the session ${row.id}`
}

/** By their fields: stores give them in different orders. */
function same(a: object | null, b: object | null): boolean {
  return a === b || (a !== null && b !== null && sorted(a) === sorted(b))
}

function sorted(row: object): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
