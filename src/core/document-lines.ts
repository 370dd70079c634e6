import type { Finding } from './audit/finding.ts'
import type { PortDocument } from './document.ts'
import { nameKey } from './name.ts'

/** Finds the line of the document that a finding is about: the service's own, else that of its last recorded move, else that of the range. Null where none is known. */
export function lineFinder(document: PortDocument): (finding: Pick<Finding, 'services' | 'facts'>) => number | null {
  const ranges = firstLines(document.ranges)
  const services = firstLines(document.services)
  const moves = firstLines(document.moves.map(({ service: name, line }) => ({ name, line })).toReversed())
  return ({ services: [service], facts: { range } }) => {
    if (service === undefined) return typeof range === 'string' ? (ranges.get(nameKey(range)) ?? null) : null
    const key = nameKey(service)
    return services.get(key) ?? moves.get(key) ?? null
  }
}

/** Of each name the line at which it stands first. */
function firstLines(places: readonly { readonly name: string; readonly line: number }[]): Map<string, number> {
  const lines = new Map<string, number>()
  for (const { name, line } of places) {
    const key = nameKey(name)
    if (line > 0 && !lines.has(key)) lines.set(key, line)
  }
  return lines
}
