import { stringify } from 'yaml'
import { comment, leftOut, webEntries } from './entries.ts'
import type { ExportSource } from './entries.ts'

/** The dynamic configuration of Traefik's file provider: a router and a service for each, `Host(LABEL.DOMAIN)`. Source: Traefik, "File provider". */
export function writeTraefik(source: ExportSource): string {
  const entries = webEntries(source)
  const served = entries.flatMap(({ entry, target }) => (target === null ? [] : [{ label: entry.label, target }]))
  const routers = served.map(({ label }) => {
    return [label, { rule: `Host(\`${label}.${source.domain}\`)`, service: label }] as const
  })
  const services = served.map(({ label, target }) => {
    return [label, { loadBalancer: { servers: [{ url: `http://${target}` }] } }] as const
  })
  const http = { routers: Object.fromEntries(routers), services: Object.fromEntries(services) }
  return [
    comment(`Services of ${source.host} behind Traefik, from the IZA Ports registry: a file of its file provider.`),
    ...entries.flatMap(({ entry, target, why }) => (target === null ? [leftOut(entry, why)] : [])),
    // Traefik refuses empty tables.
    served.length ? stringify({ http }, { version: '1.1', lineWidth: 0 }) : '{}\n',
  ].join('\n')
}
