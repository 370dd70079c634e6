import { browserBlocked } from '../../browser-blocked.ts'
import type { Rule } from '../finding.ts'

export const browserBlockedPort: Rule = {
  id: 'browser-blocked',
  level: 'notice',
  summary: 'Browsers refuse to open the port, whatever listens there (the blocked ports of the Fetch standard).',
  remedy: 'Move it when a browser is to reach it; accept it when none is.',
  find({ registry, host, known }) {
    return registry.allocations
      .filter(
        ({ host: at, protocol, port, service }) =>
          at === host && protocol === 'tcp' && browserBlocked.has(port) && !known?.isHome(service, port),
      )
      .map(({ service, port }) => ({
        services: [service],
        ports: [port],
        facts: {},
        hint: `Move it if a browser is to reach it: ports move "${service}" PORT`,
      }))
  },
  says: ({ services, ports }) => `browsers refuse to open ${ports[0]} of ${services[0]}`,
}
