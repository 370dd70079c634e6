import { isEphemeral } from '../../choose.ts'
import type { Rule } from '../finding.ts'

export const ephemeralRange: Rule = {
  id: 'ephemeral-range',
  level: 'warning',
  summary:
    'A port lies where the kernel picks the local ports of outgoing connections: on some days a service will not start because a connection has its port.',
  remedy: 'Move it below the range, or keep the kernel away from it with `sysctl net.ipv4.ip_local_reserved_ports`.',
  find({ registry, host, kernel }) {
    if (!kernel?.ephemeral) return []
    const { from, to } = kernel.ephemeral
    return registry.allocations
      .filter((allocation) => allocation.host === host && isEphemeral(kernel, allocation.port))
      .map(({ service, port }) => ({
        services: [service],
        ports: [port],
        facts: { from, to },
        hint: `Move it (ports move "${service}" PORT), or reserve the port in the kernel: sysctl -w net.ipv4.ip_local_reserved_ports=${port}`,
      }))
  },
  says: ({ services, ports, facts }) =>
    `${ports[0]} of ${services[0]} lies among the ports that the kernel gives to outgoing connections (${facts.from}-${facts.to})`,
}
