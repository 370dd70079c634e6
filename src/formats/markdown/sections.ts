import { isProblem } from '../../core/problem.ts'
import { nameKey, parseName } from '../../core/name.ts'
import { headingText } from './heading.ts'
import { readNamedSpan } from './range-text.ts'
import type { Span } from './range-text.ts'
import type { Refusal } from './found.ts'

/** A heading that names a range; it is one when a service stands below it or the guidelines speak of its ports. */
export interface RangeHeading {
  readonly line: number
  readonly name: string
  readonly span: Span
}

interface Level {
  readonly depth: number
  readonly text: string
  readonly range: RangeHeading | null
}

/** Where in the document the reader is: the headings above the current line. */
export class Sections {
  readonly ranges: RangeHeading[] = []
  readonly #byName = new Map<string, RangeHeading>()
  #levels: Level[] = []

  /** Enters the section; returns what cannot be used of its heading. */
  enter(line: number, depth: number, markdown: string): Refusal | null {
    const text = headingText(markdown)
    const { range, why } = this.#rangeOf(line, text)
    this.#levels = [...this.#levels.filter((level) => level.depth < depth), { depth, text, range }]
    return why === null ? null : { kind: 'refusal', line, text: markdown, why }
  }

  /** The range of the nearest heading that names one. */
  range(): RangeHeading | null {
    return this.#levels.findLast(({ range }) => range !== null)?.range ?? null
  }

  /** Whether a heading above speaks of ports or services, or names a range. */
  aboutPorts(): boolean {
    return this.range() !== null || /\b(?:ports?|services?)\b/i.test(this.#levels.at(-1)?.text ?? '')
  }

  #rangeOf(line: number, text: string): { range: RangeHeading | null; why: string | null } {
    const read = readNamedSpan(text)
    if (!read) return { range: null, why: null }
    if (typeof read.span === 'string') return { range: null, why: read.span }
    try {
      const range = { line, name: parseName(read.name, 'range'), span: read.span }
      const known = this.#byName.get(nameKey(range.name))
      if (known && (known.span.from !== range.span.from || known.span.to !== range.span.to)) {
        return {
          range: null,
          why: `the range ${known.name} stands already at line ${known.line} with ${known.span.from}-${known.span.to}`,
        }
      }
      if (known) return { range: known, why: null }
      this.#byName.set(nameKey(range.name), range)
      this.ranges.push(range)
      return { range, why: null }
    } catch (problem) {
      if (isProblem(problem, 'name-invalid'))
        return { range: null, why: `the name cannot be used: ${problem.facts.why}` }
      throw problem
    }
  }
}
