import { nameKey } from '../../name.ts'
import type { Resolution } from '../../service.ts'
import type { Rule } from '../finding.ts'

export const contradictedResolution: Rule = {
  id: 'contradicted-resolution',
  level: 'error',
  summary: 'A recorded move says that a service went to a port, and the registry gives that port to another one.',
  remedy:
    'Register the service that the record names on a port of its own, or move the other one: `ports resolve` shows a plan.',
  find({ registry, host }) {
    // A later record of the same service says where it went from there.
    const last = new Map<string, Resolution>()
    for (const resolution of registry.resolutions) {
      if (resolution.host === host) last.set(nameKey(resolution.service), resolution)
    }
    if (!last.size) return []
    const owners = new Map<number, string>()
    for (const { host: at, port, service } of registry.allocations.toReversed()) {
      if (at === host) owners.set(port, service)
    }
    const here = registry.resolutions.filter((one) => last.get(nameKey(one.service)) === one)
    return here.flatMap(({ service, to, when }) => {
      const owner = owners.get(to)
      if (owner === undefined || nameKey(owner) === nameKey(service)) return []
      return {
        services: [service, owner],
        ports: [to],
        facts: { when },
        hint: `Register ${service} on a port of its own (ports reserve "${service}" PORT --why "moved from ${to}"), or move ${owner}.`,
      }
    })
  },
  says: ({ services, ports }) => `${services[0]} is recorded as moved to ${ports[0]}, which belongs to ${services[1]}`,
}
