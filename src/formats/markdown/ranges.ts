import type { PortDocument } from '../../core/document.ts'
import { nameKey, parseName } from '../../core/name.ts'
import { isProblem } from '../../core/problem.ts'
import type { Found, Refusal } from './found.ts'
import type { RangeHeading } from './sections.ts'

type Guideline = Found & { kind: 'guideline' }
type DocumentRange = PortDocument['ranges'][number]

/**
 * Joins the headings that name a range with the rows of the guideline table, by their ends: the heading gives the
 * name, the row purpose and examples. A heading counts when a service stands below it (`used`) or a row speaks of it
 * (`Changes (2020-2024)` is no range); a row without a heading is a range of its own, called by its purpose.
 */
export function joinRanges(
  headings: readonly RangeHeading[],
  used: ReadonlySet<string>,
  guidelines: readonly Guideline[],
): { ranges: DocumentRange[]; refusals: Refusal[] } {
  const waiting = new Map<string, Guideline[]>()
  for (const row of guidelines) {
    const rows = waiting.get(spanKey(row))
    if (rows) rows.push(row)
    else waiting.set(spanKey(row), [row])
  }
  const ranges: DocumentRange[] = []
  for (const { line, name, span } of headings) {
    const row = waiting.get(spanKey({ span }))?.shift()
    if (row || used.has(name))
      ranges.push({ line, name, ...span, purpose: row?.purpose ?? '', examples: row?.examples ?? '' })
  }
  const refusals: Refusal[] = []
  const known = new Map(ranges.map((range) => [nameKey(range.name), range]))
  const left = new Set([...waiting.values()].flat())
  for (const row of guidelines.filter((one) => left.has(one))) {
    const why = nameProblem(row, known)
    if (why === null) {
      const { line, span, purpose, examples } = row
      const range = { line, name: parseName(row.name, 'range'), ...span, purpose, examples }
      known.set(nameKey(range.name), range)
      ranges.push(range)
    } else {
      refusals.push({ kind: 'refusal', line: row.line, text: row.text, why })
    }
  }
  return { ranges, refusals }
}

function spanKey({ span }: Pick<Guideline, 'span'>): string {
  return `${span.from}-${span.to}`
}

function nameProblem({ name, span }: Guideline, known: ReadonlyMap<string, DocumentRange>): string | null {
  try {
    const other = known.get(nameKey(parseName(name, 'range')))
    if (!other) return null
    if (other.from === span.from && other.to === span.to) return `repeats line ${other.line}`
    return `the range ${other.name} stands already at line ${other.line} with ${other.from}-${other.to}`
  } catch (problem) {
    if (isProblem(problem, 'name-invalid')) return `the name cannot be used: ${problem.facts.why}`
    throw problem
  }
}
