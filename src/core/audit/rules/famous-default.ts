import type { Rule } from '../finding.ts'

export const famousDefault: Rule = {
  id: 'famous-default',
  level: 'notice',
  summary:
    'A service has the port at which people expect a well-known other one: they will talk to the wrong program, or install the right one and find its port taken.',
  remedy: 'Move it, or accept it where the other service will never come.',
  find({ registry, host, known }) {
    if (!known) return []
    return registry.allocations.flatMap(({ host: at, service, protocol, port }) => {
      const other = at === host && protocol === 'tcp' ? known.famousAt(port) : null
      if (other === null || known.isHome(service, port)) return []
      return {
        services: [service],
        ports: [port],
        facts: { expected: other },
        hint: `Move it if ${other} may ever run here: ports move "${service}" PORT`,
      }
    })
  },
  says: ({ services, ports, facts }) => `${ports[0]} of ${services[0]} is where people expect ${facts.expected}`,
}
