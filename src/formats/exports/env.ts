import { variableOf } from '../env-block.ts'
import { comment, exportEntries } from './entries.ts'
import type { ExportSource } from './entries.ts'

/**
 * `GRAFANA_PORT=3006` with the service's name above it: for `.env` files, `docker run --env-file` and `set -a; . FILE`. A second port of a name is
 * `GRAFANA_PORT_2`, one of UDP `DNS_UDP_PORT`.
 */
export function writeEnv(source: ExportSource): string {
  const used = new Set<string>()
  const lines = exportEntries(source).flatMap(({ service, port, protocol }) => {
    const bare = variableOf(protocol === 'udp' ? `${service} udp` : service)
    let variable = bare
    for (let count = 2; used.has(variable); count++) variable = `${bare}_${count}`
    used.add(variable)
    return [comment(service), `${variable}=${port}`]
  })
  return [comment(`Ports of ${source.host}, from the IZA Ports registry.`), ...lines, ''].join('\n')
}
