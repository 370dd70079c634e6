import { rangeFinder } from '../../range.ts'
import type { Rule } from '../finding.ts'
import { misplacedIn } from '../misplaced.ts'

export const insideAnotherRange: Rule = {
  id: 'inside-another-range',
  level: 'warning',
  summary:
    'A service of one range sits in the ports of another one, where the next service of that range will run into it.',
  remedy:
    'Move it into its own range: `ports resolve` shows a plan. A service whose users expect it at that port may stay: accept it.',
  find(subject) {
    const rangeAt = rangeFinder(subject.registry.ranges)
    return misplacedIn(subject).flatMap(({ service, own, allocation: { port } }) => {
      const other = rangeAt(port)
      if (!other) return []
      return {
        services: [service],
        ports: [port],
        facts: { range: own.name, otherRange: other.name, from: other.from, to: other.to },
        hint: `Move it into ${own.from}-${own.to}: ports move "${service}" PORT`,
      }
    })
  },
  says: ({ services, ports, facts }) =>
    `${services[0]} of ${facts.range} is on ${ports[0]}, inside ${facts.otherRange} (${facts.from}-${facts.to})`,
}
