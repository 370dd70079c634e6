import type { Rule } from '../finding.ts'
import { misplacedIn } from '../misplaced.ts'

export const outOfRange: Rule = {
  id: 'out-of-range',
  level: 'notice',
  summary:
    'A service stands in the table of a range that does not hold its port, so the range does not tell where to look for it.',
  remedy: 'Leave it where its users expect it and accept it, or move it.',
  find(subject) {
    return misplacedIn(subject).map(({ service, own, allocation: { port } }) => ({
      services: [service],
      ports: [port],
      facts: { range: own.name, from: own.from, to: own.to },
      hint: `Move it (ports move "${service}" PORT), or leave it where its users expect it: ports accept out-of-range "${service}" --why "..."`,
    }))
  },
  says: ({ services, ports, facts }) =>
    `${services[0]} is on ${ports[0]}, outside of ${facts.range} (${facts.from}-${facts.to})`,
}
