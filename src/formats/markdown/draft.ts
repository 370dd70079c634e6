import { overlaps } from '../../core/address.ts'
import type { DocumentMove, DocumentPort, DocumentRuling, DocumentService, UnusedLine } from '../../core/document.ts'
import { nameKey, parseName, withoutMark } from '../../core/name.ts'
import { isProblem } from '../../core/problem.ts'
import { rulingKey } from '../../core/ruling.ts'
import { shorten } from '../../core/text.ts'
import type { Found, Refusal } from './found.ts'

type FoundService = Found & { kind: 'service' }
type FoundMove = Found & { kind: 'move' }
type FoundRuling = Found & { kind: 'ruling' }

/** The services, moves and refused lines of a document as they come, the first of each kept. */
export class Draft {
  readonly services: DocumentService[] = []
  readonly moves: DocumentMove[] = []
  readonly rulings: DocumentRuling[] = []
  readonly unused: UnusedLine[] = []
  readonly #byName = new Map<string, DocumentService>()
  readonly #byMove = new Map<string, DocumentMove>()

  /** `range` is the name of the section's range. Returns whether the service was new. */
  addService(found: FoundService, range: string | null): boolean {
    const name = this.#nameOf(found, found.name)
    if (name === null) return false
    const { name: bare, resolved } = withoutMark(name)
    const { line, declared, description, ports } = found
    const service: DocumentService = { line, name: bare, resolved, declared, description, range, ports }
    const known = this.#byName.get(nameKey(bare))
    const why = (known && repetition(known, service)) ?? overlapWithin(ports)
    if (why !== null) {
      this.refuse({ kind: 'refusal', line, text: found.text, why }, known !== undefined && !why.startsWith('repeats'))
      return false
    }
    this.services.push(service)
    this.#byName.set(nameKey(bare), service)
    return true
  }

  addMove(found: FoundMove): void {
    const name = this.#nameOf(found, found.service)
    if (name === null) return
    const { line, from, to, why, when } = found
    const move: DocumentMove = { line, service: withoutMark(name).name, from, to, why, when }
    const key = JSON.stringify([nameKey(name), from, to, when])
    const known = this.#byMove.get(key)
    if (known) return this.refuse({ kind: 'refusal', line, text: found.text, why: `repeats line ${known.line}` })
    this.#byMove.set(key, move)
    this.moves.push(move)
  }

  addRuling(found: FoundRuling): void {
    const { line, text, rule, level, why, when } = found
    const about = found.about === null ? null : this.#nameOf(found, found.about)
    if (about === null && found.about !== null) return
    const ruling: DocumentRuling = { line, rule, about, level, why, when }
    const key = (one: DocumentRuling): string => rulingKey({ host: null, ...one })
    const known = this.rulings.find((one) => key(one) === key(ruling))
    if (known) return this.refuse({ kind: 'refusal', line, text, why: `repeats line ${known.line}` })
    this.rulings.push(ruling)
  }

  refuse({ line, text, why }: Refusal, contradicts = false): void {
    this.unused.push({ line, text: shorten(text, 120), why, contradicts })
  }

  #nameOf(found: FoundService | FoundMove | FoundRuling, text: string): string | null {
    try {
      return parseName(text, 'service')
    } catch (problem) {
      if (!isProblem(problem, 'name-invalid')) throw problem
      const why = text.trim() === '' ? 'the name is empty' : `the name cannot be used: ${problem.facts.why}`
      this.refuse({ kind: 'refusal', line: found.line, text: found.text, why })
      return null
    }
  }
}

/** Why a second line of a service cannot be used. */
function repetition(known: DocumentService, service: DocumentService): string {
  const ports = portsText(known.ports)
  if (ports === portsText(service.ports)) return `repeats line ${known.line}`
  const place = known.ports.length === 0 ? 'without a port' : `with port ${ports}`
  return `${known.name} stands already at line ${known.line} ${place}; rename one of them or write both ports in one row`
}

/** Why the ports of one line cannot stand together, or null. */
function overlapWithin(ports: readonly DocumentPort[]): string | null {
  for (const [index, one] of ports.entries()) {
    const twice = ports
      .slice(0, index)
      .some(
        (other) => other.port === one.port && other.protocol === one.protocol && overlaps(other.address, one.address),
      )
    if (twice)
      return `port ${one.port}${one.protocol === 'udp' ? '/udp' : ''} stands twice in the line, at addresses that overlap`
  }
  return null
}

function portsText(ports: readonly DocumentPort[]): string {
  const words = ports.map(
    ({ protocol, address, port }) =>
      `${address === '*' ? '' : `${address}:`}${port}${protocol === 'udp' ? '/udp' : ''}`,
  )
  return shorten(words.toSorted().join('/'), 80)
}
