import { exportEntries, reachedAt } from './entries.ts'
import type { ExportSource } from './entries.ts'

/**
 * Targets for `file_sd_configs`, one group a port with the service's name, range and host as labels; mostly for a blackbox exporter that probes TCP.
 * UDP ports cannot be scraped. Source: Prometheus, "Configuration", `file_sd_config`.
 */
export function writePrometheus(source: ExportSource): string {
  const groups = exportEntries(source).flatMap((entry) => {
    const target = reachedAt(entry)
    if (target === null || entry.protocol !== 'tcp') return []
    const labels = { service: entry.service, range: entry.range ?? '', host: source.host }
    return [
      { targets: [target], labels: Object.fromEntries(Object.entries(labels).map(([k, v]) => [k, v.toWellFormed()])) },
    ]
  })
  return `${JSON.stringify(groups, null, 2)}\n`
}
