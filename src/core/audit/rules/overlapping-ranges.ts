import type { Range } from '../../range.ts'
import type { Rule } from '../finding.ts'

export const overlappingRanges: Rule = {
  id: 'overlapping-ranges',
  level: 'warning',
  summary: 'Two ranges share ports and neither lies within the other, so a port there belongs to both purposes.',
  remedy:
    'Change the ends of one of them with `ports range edit`. A range that lies wholly within another is meant so.',
  find({ registry }) {
    const sorted = registry.ranges.toSorted((a, b) => a.from - b.from || b.to - a.to)
    return sorted.flatMap((first, index) => {
      const found = []
      for (let next = index + 1; (sorted[next]?.from ?? Infinity) <= first.to; next++) {
        const second = sorted[next]
        if (second && isTorn(first, second)) found.push(second)
      }
      return found.map((second) => ({
        services: [],
        ports: [second.from, first.to],
        facts: { range: first.name, otherRange: second.name, from: second.from, to: first.to },
        hint: `Change one of them: ports range edit "${second.name}" --from ${first.to + 1}`,
      }))
    })
  },
  says: ({ facts }) => `the ranges ${facts.range} and ${facts.otherRange} share ${facts.from}-${facts.to}`,
}

/** Whether the second, which begins later or is shorter, is no part of the first, or all of it. */
function isTorn(first: Range, second: Range): boolean {
  return second.to > first.to || (second.from === first.from && second.to === first.to)
}
