import type { Rule } from '../finding.ts'

export const privilegedPort: Rule = {
  id: 'privileged-port',
  level: 'notice',
  summary: 'A port that only privileged programs may bind, given to a service that is not known to be one of them.',
  remedy: 'Move it above the limit, or lower `sysctl net.ipv4.ip_unprivileged_port_start`.',
  find({ registry, host, kernel, known }) {
    if (!kernel) return []
    return registry.allocations
      .filter((one) => one.host === host && one.port < kernel.unprivilegedFrom && !known?.isHome(one.service, one.port))
      .map(({ service, port }) => ({
        services: [service],
        ports: [port],
        facts: { limit: kernel.unprivilegedFrom },
        hint: `Start it with the privilege, or move it: ports move "${service}" PORT`,
      }))
  },
  says: ({ services, ports, facts }) =>
    `${ports[0]} of ${services[0]} may only be bound with privilege (below ${facts.limit})`,
}
