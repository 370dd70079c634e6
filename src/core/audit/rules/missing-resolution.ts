import { nameKey } from '../../name.ts'
import { allocationsOf } from '../../registry.ts'
import type { Rule } from '../finding.ts'

export const missingResolution: Rule = {
  id: 'missing-resolution',
  level: 'notice',
  summary: 'A service is marked as resolved, and no record says from where it was moved or why.',
  remedy: 'Write the move down in your document and import it, or accept it.',
  find({ registry, host }) {
    const recorded = new Set(
      registry.resolutions.filter((one) => one.host === host).map(({ service }) => nameKey(service)),
    )
    return registry.services
      .filter((service) => service.host === host && service.resolved && !recorded.has(nameKey(service.name)))
      .map((service) => ({
        services: [service.name],
        ports: allocationsOf(registry, service).map(({ port }) => port),
        facts: {},
        hint: `Write down why: add "- **${service.name}**: Moved to port PORT to avoid conflict" to your document and import it, or accept it: ports accept missing-resolution "${service.name}" --why "..."`,
      }))
  },
  says: ({ services }) => `${services[0]} is marked (Resolved), and no move is recorded for it`,
}
