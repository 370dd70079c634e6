import type { Rule } from '../finding.ts'

export const ianaAssigned: Rule = {
  id: 'iana-assigned',
  // Of the ports that developers use almost every one is assigned to something that nobody runs.
  level: 'off',
  summary: 'IANA has assigned the port to another service.',
  remedy: 'Move it where the assigned service may be met; most of them never are, which is why the rule is off.',
  find({ registry, host, known }) {
    if (!known) return []
    return registry.allocations.flatMap(({ host: at, service, protocol, port }) => {
      const assigned = at === host ? known.assignedAt(port, protocol) : null
      if (assigned === null || known.isHome(service, port)) return []
      return {
        services: [service],
        ports: [port],
        facts: { protocol, assigned },
        hint: `Move it if ${assigned} may be met here: ports move "${service}" PORT`,
      }
    })
  },
  says: ({ services, ports, facts }) =>
    `${ports[0]}/${facts.protocol} of ${services[0]} is assigned to ${facts.assigned}`,
}
