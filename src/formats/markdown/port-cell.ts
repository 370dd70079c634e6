import { anyAddress, parseAddress } from '../../core/address.ts'
import type { Address } from '../../core/address.ts'
import type { DocumentPort } from '../../core/document.ts'
import { isPortNumber } from '../../core/port.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'
import { shorten } from '../../core/text.ts'
import { portTokens } from './port-tokens.ts'
import type { PortToken } from './port-tokens.ts'

/** A service with more ports than this between two ends is almost surely a range that is meant for many services. */
const mostAtOnce = 100
/** Room for more than a thousand ports; what is longer is a text that got there by mistake. */
const longestCell = 10_000
/** The word for a service that has no port; `-` and `N/A` may as well mean that nobody knows. */
export const noPort = 'none'

interface Found {
  readonly numbers: readonly PortNumber[]
  readonly address: Address
  /** Joined by a slash to the one before: `80/443/tcp`. */
  readonly chained: boolean
  protocols: readonly Protocol[]
}

/**
 * The ports that a cell says, or in plain words why it says none. `standard` are the protocols where the cell itself
 * names none. Reads `3000/3001`, `8000-8010`, `:3000`, `http://localhost:3000`, `127.0.0.1:3000`, `53 TCP/UDP`,
 * `5353/udp`, `8080:80` (the host's port comes first, as Docker writes it).
 */
export function readPortCell(text: string, standard: readonly Protocol[]): DocumentPort[] | string {
  if (text === '') return 'the port cell is empty'
  if (text.toLowerCase() === noPort) return []
  if (text.length > longestCell) return `the port cell has ${text.length} characters`
  const tokens = portTokens(text)
  if (!tokens?.some(({ kind }) => kind === 'ports')) return unreadable(text)
  try {
    const found = tokens[0]?.kind === 'protocol' ? protocolsFirst(tokens) : portsFirst(tokens)
    return distinct(found.flatMap((one) => entries(one, standard)))
  } catch (problem) {
    if (problem instanceof Unreadable) return problem.message
    if (isProblem(problem, 'address-invalid')) return problem.message
    throw problem
  }
}

/** Says why a cell gives no port; never leaves this file. */
class Unreadable extends Error {}

function unreadable(text: string): string {
  return /^\S*\d\S*$/.test(text) ? `'${shorten(text, 60)}' is not a port` : `the port cell says '${shorten(text, 60)}'`
}

/** `53 TCP/UDP`, `80, 443 TCP`: a protocol belongs to every port before it that has none yet. */
function portsFirst(tokens: readonly PortToken[]): Found[] {
  const found: Found[] = []
  let unmarked: Found[] = []
  let group: { members: readonly Found[]; protocols: Protocol[] } = { members: [], protocols: [] }
  for (const token of tokens) {
    if (token.kind === 'ports') {
      found.push(foundOf(token))
      if (token.protocols.length > 0) markChain(found, token.protocols)
      else unmarked.push(...found.slice(-1))
    } else {
      if (unmarked.length > 0)
        group = { members: unmarked.filter(({ protocols }) => protocols.length === 0), protocols: [] }
      unmarked = []
      if (group.protocols.includes(token.protocol)) continue
      group.protocols.push(token.protocol)
      for (const member of group.members) member.protocols = group.protocols
    }
  }
  return found
}

/** `TCP 80, UDP 53`: protocols belong to the ports behind them. */
function protocolsFirst(tokens: readonly PortToken[]): Found[] {
  const found: Found[] = []
  let protocols: Protocol[] = []
  let fresh = true
  for (const token of tokens) {
    if (token.kind === 'protocol') {
      protocols = fresh ? [...protocols, token.protocol] : [token.protocol]
      fresh = true
    } else if (token.kind === 'ports') {
      fresh = false
      found.push({ ...foundOf(token), protocols: token.protocols.length > 0 ? token.protocols : protocols })
    }
  }
  return found
}

function markChain(found: readonly Found[], protocols: readonly Protocol[]): void {
  for (let index = found.length - 1; index >= 0; index--) {
    const one = found[index]
    if (!one || one.protocols.length > 0) return
    one.protocols = protocols
    if (!one.chained) return
  }
}

function foundOf({ host, first, last, chained }: PortToken & { kind: 'ports' }): Found {
  return { numbers: numbersOf(first, last ?? first), address: addressOf(host), chained, protocols: [] }
}

function numbersOf(first: string, last: string): PortNumber[] {
  const from = numberOf(first)
  const to = numberOf(last)
  if (to < from) throw new Unreadable(`${first}-${last} runs backwards`)
  if (to - from >= mostAtOnce) {
    throw new Unreadable(
      `${first}-${last} are ${to - from + 1} ports, ${mostAtOnce} at once are the most for a service`,
    )
  }
  return Array.from({ length: to - from + 1 }, (_, index) => numberOf(String(from + index)))
}

function numberOf(text: string): PortNumber {
  const number = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (!isPortNumber(number)) throw new Unreadable(`${shorten(text, 30)} is not a port`)
  return number
}

/** A name such as `localhost` says how the service is reached; only a literal address says where it is bound. */
function addressOf(host: string | null): Address {
  return host !== null && /^(?:\[|\d+(?:\.\d+){3}$)/.test(host) ? parseAddress(host) : anyAddress
}

function entries({ numbers, address, protocols }: Found, standard: readonly Protocol[]): DocumentPort[] {
  const meant = protocols.length > 0 ? protocols : standard
  return numbers.flatMap((port) =>
    meant.map((protocol) => ({ protocol, address, port, kind: 'reservation', owner: null }) as const),
  )
}

function distinct(ports: readonly DocumentPort[]): DocumentPort[] {
  return [...new Map(ports.map((entry) => [`${entry.protocol} ${entry.address} ${entry.port}`, entry])).values()]
}
