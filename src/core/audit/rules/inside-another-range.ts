import { allocationsOf, findRange } from '../../registry.ts'
import { holds, rangeFinder } from '../../range.ts'
import type { Rule } from '../finding.ts'

export const insideAnotherRange: Rule = {
  id: 'inside-another-range',
  level: 'warning',
  summary:
    'A service of one range sits in the ports of another one, where the next service of that range will run into it.',
  remedy:
    'Move it into its own range: `ports resolve` shows a plan. A service whose users expect it at that port may stay: accept it.',
  find({ registry, host }) {
    const rangeAt = rangeFinder(registry.ranges)
    return registry.services.flatMap((service) => {
      const own = service.host === host && service.range !== null ? findRange(registry, service.range) : null
      if (!own) return []
      return allocationsOf(registry, service).flatMap(({ port }) => {
        const other = holds(own, port) ? null : rangeAt(port)
        if (!other) return []
        return {
          services: [service.name],
          ports: [port],
          facts: { range: own.name, otherRange: other.name, from: other.from, to: other.to },
          hint: `Move it into ${own.from}-${own.to}: ports move "${service.name}" PORT`,
        }
      })
    })
  },
  says: ({ services, ports, facts }) =>
    `${services[0]} of ${facts.range} is on ${ports[0]}, inside ${facts.otherRange} (${facts.from}-${facts.to})`,
}
