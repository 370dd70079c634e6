import type { Rule } from '../finding.ts'

export const staleClaim: Rule = {
  id: 'stale-claim',
  level: 'notice',
  summary: 'A claim whose time is over or whose workspace is gone keeps a port from others.',
  remedy: 'Release it with `ports gc --yes`.',
  find({ stale }) {
    return [...(stale ?? [])].map(([{ service, port }, why]) => ({
      services: [service],
      ports: [port],
      facts: { why },
      hint: 'Release what nobody wants any more: ports gc --yes',
    }))
  },
  says: ({ services, ports, facts }) => `${services[0]} claims ${ports[0]}, and ${facts.why}`,
}
