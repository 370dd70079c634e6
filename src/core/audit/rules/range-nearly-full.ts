import { countsOn } from '../../host.ts'
import { count } from '../../text.ts'
import type { Rule } from '../finding.ts'

/** A range with fewer free ports than one in ten cannot take what comes next. */
const fullFrom = 0.9
/** Smaller ranges are filled on purpose. */
const leastSize = 10

export const rangeNearlyFull: Rule = {
  id: 'range-nearly-full',
  level: 'notice',
  summary: 'Nine of ten ports of a range are promised, so the next services will not find room in it.',
  remedy: 'Make it wider with `ports range edit`, or release what nobody uses.',
  find({ registry, host }) {
    const taken = new Uint8Array(65_536)
    for (const one of registry.allocations) if (countsOn(one, host)) taken[one.port] = 1
    return registry.ranges.flatMap((range) => {
      const size = range.to - range.from + 1
      if (size < leastSize || registry.allocations.length < size * fullFrom) return []
      let used = 0
      for (let port: number = range.from; port <= range.to; port++) used += taken[port] ?? 0
      if (used < size * fullFrom) return []
      return {
        services: [],
        ports: [],
        facts: { range: range.name, used, size },
        hint: `Make it wider: ports range edit "${range.name}" --to PORT`,
      }
    })
  },
  says: ({ facts }) =>
    `${facts.range} has ${count(Number(facts.size) - Number(facts.used), 'free port')} left of ${facts.size}`,
}
