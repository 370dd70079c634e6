import { overlaps, parseAddress } from '../core/address.ts'
import type { Address } from '../core/address.ts'
import type { DocumentMove, DocumentPort, DocumentRuling, DocumentService, PortDocument } from '../core/document.ts'
import { nameKey, parseName, withoutMark } from '../core/name.ts'
import { port } from '../core/port.ts'
import { makeRange } from '../core/range.ts'
import type { RegistryFile } from './registry-shape.ts'

/** Something in the file that has the right shape and cannot be so; `place` leads to it. */
export class Contradiction extends Error {
  readonly place: readonly PropertyKey[]

  constructor(place: readonly PropertyKey[], why: string) {
    super(why)
    this.place = place
  }
}

type LineOf = (path: readonly PropertyKey[]) => number

/**
 * The file's content as a document that an import takes. Throws `Contradiction`, or the `Problem` of a name, an
 * address or a range that is none, wrapped the same way.
 */
export function documentOf(file: RegistryFile, lineOf: LineOf): PortDocument {
  const ranges = file.ranges.map((range, index) => rangeAt(range, ['ranges', index], lineOf))
  unique(ranges, 'ranges')
  const known = new Set(ranges.map(({ name }) => nameKey(name)))
  const services = file.services.map((service, index) => serviceAt(service, ['services', index], lineOf, known))
  unique(services, 'services')
  refuseOverlaps(services)
  const moves = file.resolutions.map((resolution, index) => moveAt(resolution, ['resolutions', index], lineOf))
  const rulings = (file.rulings ?? []).map((ruling, index) => rulingAt(ruling, ['rulings', index], lineOf))
  return { ranges, services, moves, rulings, unused: [] }
}

type Place = readonly [string, number]

function rangeAt(range: RegistryFile['ranges'][number], place: Place, lineOf: LineOf): PortDocument['ranges'][number] {
  const made = at(place, () => makeRange({ ...range, from: port(range.from), to: port(range.to) }))
  return { line: lineOf(place), ...made }
}

function serviceAt(
  service: RegistryFile['services'][number],
  place: Place,
  lineOf: LineOf,
  ranges: ReadonlySet<string>,
): DocumentService {
  const { description, declared, range } = service
  const { name, resolved } = withoutMark(at([...place, 'name'], () => parseName(service.name, 'service')))
  if (range !== null && !ranges.has(nameKey(range)))
    throw new Contradiction([...place, 'range'], `no range is called '${range}'`)
  const ports = service.allocations.map(({ protocol, address, port: number, kind, owner }, index): DocumentPort => {
    const checked = at([...place, 'allocations', index, 'address'], () => parseAddress(address))
    return { protocol, address: checked, port: port(number), kind, owner }
  })
  return { line: lineOf(place), name, resolved: resolved || service.resolved, declared, description, range, ports }
}

function moveAt(
  { service, from, to, why, when }: RegistryFile['resolutions'][number],
  place: Place,
  lineOf: LineOf,
): DocumentMove {
  const name = at([...place, 'service'], () => parseName(service, 'service'))
  return { line: lineOf(place), service: name, from: from === null ? null : port(from), to: port(to), why, when }
}

function rulingAt(
  { rule, about, level, why, when }: NonNullable<RegistryFile['rulings']>[number],
  place: Place,
  lineOf: LineOf,
): DocumentRuling {
  const name = about === null ? null : at([...place, 'about'], () => parseName(about, 'service'))
  return { line: lineOf(place), rule, about: name, level, why, when }
}

function unique(named: readonly { readonly name: string; readonly line: number }[], list: string): void {
  const lines = new Map<string, number>()
  for (const [index, { name, line }] of named.entries()) {
    const before = lines.get(nameKey(name))
    if (before !== undefined)
      throw new Contradiction([list, index, 'name'], `'${name}' stands already at line ${before}`)
    lines.set(nameKey(name), line)
  }
}

function refuseOverlaps(services: readonly DocumentService[]): void {
  const taken = new Map<string, { address: Address; service: DocumentService }[]>()
  for (const [index, service] of services.entries()) {
    for (const [number, entry] of service.ports.entries()) {
      const key = `${entry.port}/${entry.protocol}`
      const there = taken.get(key) ?? []
      const other = there.find(({ address }) => overlaps(address, entry.address))?.service
      if (other) {
        throw new Contradiction(
          ['services', index, 'allocations', number],
          `${key} belongs already to ${other.name} at line ${other.line}`,
        )
      }
      taken.set(key, [...there, { address: entry.address, service }])
    }
  }
}

function at<Value>(place: readonly PropertyKey[], make: () => Value): Value {
  try {
    return make()
  } catch (error) {
    throw error instanceof Error ? new Contradiction(place, error.message) : error
  }
}
