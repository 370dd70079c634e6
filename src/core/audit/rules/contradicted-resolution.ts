import { nameKey } from '../../name.ts'
import type { Rule } from '../finding.ts'

export const contradictedResolution: Rule = {
  id: 'contradicted-resolution',
  level: 'error',
  summary: 'A recorded move says that a service went to a port, and the registry gives that port to another one.',
  remedy:
    'Register the service that the record names on a port of its own, or move the other one: `ports resolve` shows a plan.',
  find({ registry, host }) {
    const here = registry.resolutions.filter((resolution) => resolution.host === host)
    return here.flatMap((resolution, index) => {
      const key = nameKey(resolution.service)
      // A later record of the same service says where it went from there.
      if (here.slice(index + 1).some(({ service }) => nameKey(service) === key)) return []
      const owner = registry.allocations.find(({ host: at, port }) => at === host && port === resolution.to)
      if (!owner || nameKey(owner.service) === key) return []
      return {
        services: [resolution.service, owner.service],
        ports: [resolution.to],
        facts: { when: resolution.when },
        hint: `Register ${resolution.service} on a port of its own (ports reserve "${resolution.service}" PORT --why "moved from ${resolution.to}"), or move ${owner.service}.`,
      }
    })
  },
  says: ({ services, ports }) => `${services[0]} is recorded as moved to ${ports[0]}, which belongs to ${services[1]}`,
}
