import { stringify } from 'yaml'
import { printable } from '../../core/text.ts'
import { comment, exportEntries, webEntries } from './entries.ts'
import type { ExportEntry, ExportSource } from './entries.ts'

/**
 * `services.yaml` of the Homepage dashboard: a group for each range, in it the services with their links. What does not speak HTTP has no link.
 * Source: Homepage, "Services".
 */
export function writeHomepage(source: ExportSource): string {
  const linked = new Set(webEntries(source).flatMap(({ entry, target }) => (target === null ? [] : [entry.label])))
  const groups = Map.groupBy(
    exportEntries(source).filter(({ protocol }) => protocol === 'tcp'),
    ({ range }) => range ?? 'Other services',
  )
  // Maps, because a name may be one that objects have already.
  const content = [...groups].map(([range, entries]) => {
    return new Map([[plain(range), entries.map((entry) => new Map([[nameOf(entry, entries), detailsOf(entry)]]))]])
  })
  const title = `Services of ${source.host} for the Homepage dashboard, from the IZA Ports registry: services.yaml`
  return `${comment(title)}\n${stringify(content, { lineWidth: 0 })}`

  function detailsOf(entry: ExportEntry): Record<string, string> {
    const href = linked.has(entry.label) ? { href: `http://${source.domain}:${entry.port}/` } : {}
    return { ...href, description: plain(entry.description ? `${entry.port}: ${entry.description}` : `${entry.port}`) }
  }
}

/** Two ports of a service are two tiles. */
function nameOf(entry: ExportEntry, all: readonly ExportEntry[]): string {
  const namesakes = all.filter(({ service }) => service === entry.service)
  return plain(namesakes.length > 1 ? `${entry.service} ${entry.port}` : entry.service)
}

/** Homepage fills `{{HOMEPAGE_VAR_...}}` in wherever it stands: a service's name must not fetch a secret. */
function plain(text: string): string {
  return printable(text.toWellFormed()).replace(/\{(?=\{)/g, '{ ')
}
