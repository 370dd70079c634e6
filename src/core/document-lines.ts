import type { Finding } from './audit/finding.ts'
import type { PortDocument } from './document.ts'
import { nameKey } from './name.ts'

/** The line of the document that a finding is about: the service's own, else that of its recorded move, else that of the range. Null where none is known. */
export function lineOf(
  document: PortDocument,
  { services, facts }: Pick<Finding, 'services' | 'facts'>,
): number | null {
  const [service] = services
  const named = (list: readonly { readonly name: string; readonly line: number }[], name: unknown): number | null => {
    const key = typeof name === 'string' ? nameKey(name) : null
    return list.find((one) => nameKey(one.name) === key)?.line || null
  }
  const moves = document.moves.map(({ service: name, line }) => ({ name, line }))
  if (service === undefined) return named(document.ranges, facts['range'])
  return named(document.services, service) ?? named(moves.toReversed(), service)
}
