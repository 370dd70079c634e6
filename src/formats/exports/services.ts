import { comment, exportEntries, titleOf } from './entries.ts'
import type { ExportSource } from './entries.ts'

/** Lines for `/etc/services`, by which `getent services`, `ss` and `tcpdump` show names. Source: services(5). */
export function writeServices(source: ExportSource): string {
  const lines = exportEntries(source)
    .toSorted((a, b) => a.port - b.port)
    .map(
      (entry) => `${entry.label.padEnd(23)} ${`${entry.port}/${entry.protocol}`.padEnd(9)} ${comment(titleOf(entry))}`,
    )
  const title = `Services of ${source.host}, from the IZA Ports registry, for /etc/services. The first name of a port counts.`
  return [comment(title), ...lines, ''].join('\n')
}
