import type { Allocation } from './allocation.ts'
import type { PortDocument } from './document.ts'
import type { Registry } from './registry.ts'
import type { Ruling } from './ruling.ts'

/** The document as if all of it were promised, clashes included: what an audit of a document looks at. Nothing stores such a value. */
export function registryOf(document: PortDocument, host: string): Registry {
  return {
    revision: 0,
    ranges: document.ranges,
    services: document.services.map(({ name, description, range, resolved, declared }) => ({
      host,
      name,
      description,
      range,
      resolved,
      declared,
    })),
    allocations: document.services.flatMap(({ name, line, ports }) =>
      ports.map((port, index): Allocation => ({
        ...port,
        id: `line ${line} port ${index}`,
        fence: 0,
        host,
        service: name,
        since: '',
        expires: null,
      })),
    ),
    rulings: rulingsOf(document, host),
    resolutions: document.moves.map(({ service, from, to, why, when }) => ({ host, service, from, to, why, when })),
  }
}

/** The level of a rule holds everywhere; what is accepted, on the host that the document is for. */
export function rulingsOf(document: PortDocument, host: string): Ruling[] {
  return document.rulings.map(({ line: _line, ...ruling }) => ({
    host: ruling.about === null ? null : host,
    ...ruling,
  }))
}
