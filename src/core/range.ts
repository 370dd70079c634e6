import { Problem } from './problem.ts'
import type { PortNumber } from './port.ts'
import { parseName } from './name.ts'

/** A named block of ports with a purpose. Both ends are included. */
export interface Range {
  readonly name: string
  readonly from: PortNumber
  readonly to: PortNumber
  readonly purpose: string
  /** What a person wrote as typical members (`Dashboard, API, Backend`); words for people, nothing decides by them. */
  readonly examples: string
}

/** A range whose ends are in order and whose name is one. Throws `name-invalid` and `block-backwards`. */
export function makeRange(fields: Range): Range {
  if (fields.to < fields.from) throw new Problem('block-backwards', { from: fields.from, to: fields.to })
  return { ...fields, name: parseName(fields.name, 'range') }
}

export function holds(range: Range, number: number): boolean {
  return number >= range.from && number <= range.to
}

/** The narrowest range that holds the port: where ranges overlap, the more special one is meant. */
export function rangeOf(ranges: readonly Range[], number: number): Range | null {
  let best: Range | null = null
  for (const range of ranges) {
    if (holds(range, number) && (!best || range.to - range.from < best.to - best.from)) best = range
  }
  return best
}

/** From so many ranges on a table of all ports is made sooner than they are looked through for each. */
const tableFrom = 16

/** `rangeOf` for many ports of the same ranges. */
export function rangeFinder(ranges: readonly Range[]): (number: number) => Range | null {
  if (ranges.length < tableFrom) return (number) => rangeOf(ranges, number)
  const table: (Range | null)[] = Array.from({ length: 65_536 }, () => null)
  // The narrowest is written last; of two alike the first is meant.
  const widest = ranges.toReversed().toSorted((a, b) => b.to - b.from - (a.to - a.from))
  for (const range of widest) table.fill(range, range.from, range.to + 1)
  return (number) => table[number] ?? null
}
