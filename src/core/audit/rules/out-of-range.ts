import { allocationsOf, findRange } from '../../registry.ts'
import { holds } from '../../range.ts'
import type { Rule } from '../finding.ts'

export const outOfRange: Rule = {
  id: 'out-of-range',
  level: 'notice',
  summary:
    'A service stands in the table of a range that does not hold its port, so the range does not tell where to look for it.',
  remedy: 'Leave it where its users expect it and accept it, or move it.',
  find({ registry, host }) {
    return registry.services.flatMap((service) => {
      const range = service.host === host && service.range !== null ? findRange(registry, service.range) : null
      if (!range) return []
      return allocationsOf(registry, service)
        .filter(({ port }) => !holds(range, port))
        .map(({ port }) => ({
          services: [service.name],
          ports: [port],
          facts: { range: range.name, from: range.from, to: range.to },
          hint: `Move it (ports move "${service.name}" PORT), or leave it where its users expect it: ports accept out-of-range "${service.name}" --why "..."`,
        }))
    })
  },
  says: ({ services, ports, facts }) =>
    `${services[0]} is on ${ports[0]}, outside of ${facts.range} (${facts.from}-${facts.to})`,
}
