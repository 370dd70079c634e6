import { rangeOf } from '../range.ts'
import type { Range } from '../range.ts'

/** Words that stand in the names of ranges without telling what is in them. */
const everywhere = new Set([
  'services',
  'service',
  'and',
  'the',
  'tools',
  'other',
  'core',
  'apps',
  'servers',
  'specialized',
])

/** The range that a service without one belongs to: the only one with a word that is part of the service's name, else the one around the port. */
export function rangeFor(ranges: readonly Range[], service: string, port: number): Range | null {
  const name = service.toLowerCase()
  const fitting = ranges.filter((range) => wordsOf(range).some((word) => name.includes(word)))
  return fitting.length === 1 ? (fitting[0] ?? null) : rangeOf(ranges, port)
}

function wordsOf({ name, examples }: Range): string[] {
  const words = `${name} ${examples}`.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return words.filter((word) => !everywhere.has(word))
}
