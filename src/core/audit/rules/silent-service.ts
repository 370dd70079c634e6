import type { Rule } from '../finding.ts'

export const silentService: Rule = {
  id: 'silent-service',
  level: 'warning',
  summary: 'A service that we started is running, and nothing listens on its port.',
  remedy: 'Read its log with `ports logs`, and start it again.',
  find({ seen }) {
    return [...(seen?.judged ?? [])].flatMap(([{ service, port, protocol }, { verdict }]) =>
      verdict === 'silent'
        ? {
            services: [service],
            ports: [port],
            facts: { protocol },
            hint: `Read its log with 'ports logs "${service}"', then stop and start it.`,
          }
        : [],
    )
  },
  says: ({ services, ports }) => `${services[0]} runs, and nothing listens on ${ports[0]}`,
}
