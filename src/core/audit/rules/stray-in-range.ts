import { list } from '../../text.ts'
import { rangeOf } from '../../range.ts'
import { allocationsAt } from '../../registry.ts'
import type { Rule } from '../finding.ts'

export const strayInRange: Rule = {
  id: 'stray-in-range',
  level: 'notice',
  summary: 'Something that no service explains listens in a range, on a port that may be promised to somebody next.',
  remedy: 'Register it with `ports reserve`, or end it with `ports kill`.',
  find({ registry, host, seen }) {
    const told = new Set<string>()
    return (seen?.listeners ?? []).flatMap(({ port, protocol, address, holders, user }) => {
      const range = rangeOf(registry.ranges, port)
      const key = `${port}/${protocol}`
      if (!range || told.has(key) || allocationsAt(registry, { host, protocol, address, port }).length) return []
      told.add(key)
      const holder = list([...new Set(holders.map(({ name }) => name))]) || `a process of ${user}`
      return {
        services: [],
        ports: [port],
        facts: { protocol, range: range.name, holder },
        hint: `Look at it with 'ports who ${port}', then register it: ports reserve "NAME" ${port}`,
      }
    })
  },
  says: ({ ports, facts }) =>
    `${facts.holder} listens on ${ports[0]}/${facts.protocol} in ${facts.range}, and no service has that port`,
}
