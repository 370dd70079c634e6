import { anyAddress, anyIPv4, anyIPv6, familiesOf, isLoopback } from './address.ts'
import type { Address } from './address.ts'
import { groupBy } from './groups.ts'
import type { Listener } from './listener.ts'

/** From where a listener can be reached: this machine alone, one of its networks, every network that it is in. */
export type Exposure = 'loopback' | 'network' | 'everywhere'

export function exposureOf(address: Address): Exposure {
  if (address === anyAddress || address === anyIPv4 || address === anyIPv6) return 'everywhere'
  return isLoopback(address) ? 'loopback' : 'network'
}

/** Whatever is bound, or promised to be: a listener, an allocation. */
type Bound = Pick<Listener, 'address' | 'port' | 'protocol'>

/** What tells two servers apart, of a listener the keys of its holders. Those that share a key are one server. */
export type ServerKeys<Server extends Bound = Listener> = (server: Server) => readonly string[]

/** The processes that have it open. */
export const keysOfHolders: ServerKeys = ({ holders }) =>
  holders.map(({ boot, pid, start }) => `${boot}/${pid}/${start}`)

/** Who answers a client that connects to `localhost`: it may try either family first, so both matter. */
export interface Localhost<Server extends Bound = Listener> {
  /** Who accepts for 127.0.0.1 and for ::1; several where they share the port. */
  readonly ipv4: readonly Server[]
  readonly ipv6: readonly Server[]
  /** `split`: two servers, so that what `localhost` means depends on the client. `unknown`: a holder is not visible. `one-family`, `nobody`: only one of the addresses answers, or none. */
  readonly outcome: 'same' | 'split' | 'unknown' | 'one-family' | 'nobody'
}

/** Whether `localhost` over IPv4 and IPv6 reaches the same server, for those of one port and protocol. */
export function localhostOf<Server extends Bound>(
  servers: readonly Server[],
  keysOf: ServerKeys<Server>,
): Localhost<Server> {
  const ipv4 = acceptingFor(servers, '127.0.0.1' as Address)
  const ipv6 = acceptingFor(servers, '::1' as Address)
  return { ipv4, ipv6, outcome: outcomeOf(ipv4, ipv6, keysOf) }
}

function outcomeOf<Server extends Bound>(
  ipv4: readonly Server[],
  ipv6: readonly Server[],
  keysOf: ServerKeys<Server>,
): Localhost['outcome'] {
  if (!ipv4.length && !ipv6.length) return 'nobody'
  if (!ipv4.length || !ipv6.length) return 'one-family'
  if (ipv4.some((one) => ipv6.includes(one))) return 'same'
  const [keys4, keys6] = [ipv4.flatMap(keysOf), ipv6.flatMap(keysOf)]
  if (keys4.some((key) => keys6.includes(key))) return 'same'
  return keys4.length && keys6.length ? 'split' : 'unknown'
}

/** Those of one port and protocol that the kernel gives what arrives at the address: the most exactly bound ones. */
export function acceptingFor<Server extends Bound>(servers: readonly Server[], address: Address): Server[] {
  const exact = servers.filter((server) => server.address === address)
  if (exact.length) return exact
  const [family] = familiesOf(address)
  const wide = servers.filter(
    (server) => exposureOf(server.address) === 'everywhere' && familiesOf(server.address).some((one) => one === family),
  )
  // `compute_score` (net/ipv4/inet_hashtables.c) prefers a socket of the family itself to a dual one.
  const own = wide.filter((server) => server.address !== anyAddress)
  return own.length ? own : wide
}

/** A listener that does not get what arrives at an address although it is bound to it, since another one is bound more exactly. */
export interface Shadow {
  readonly hidden: Listener
  readonly by: Listener
  /** Where the other one answers in its place. */
  readonly at: Address
}

/**
 * The listeners, of any ports, that another server stands in front of. The kernel refuses most such pairs; sockets that agreed to share (`SO_REUSEPORT`, on
 * UDP also `SO_REUSEADDR`) are let through, and then what is bound to one address takes it away from what is bound to all.
 */
export function shadowsAmong(listeners: readonly Listener[], keysOf: ServerKeys = keysOfHolders): Shadow[] {
  const shadows: Shadow[] = []
  for (const group of groupBy(listeners, ({ port, protocol }) => `${protocol}/${port}`).values()) {
    for (const by of group) {
      for (const hidden of group) {
        if (standsBefore(by, hidden) && !isSameServer(by, hidden, keysOf)) shadows.push({ hidden, by, at: by.address })
      }
    }
  }
  return shadows
}

function standsBefore(by: Listener, hidden: Listener): boolean {
  if (by.address === hidden.address || exposureOf(hidden.address) !== 'everywhere') return false
  const shared = familiesOf(by.address).every((family) => familiesOf(hidden.address).some((one) => one === family))
  return shared && (exposureOf(by.address) !== 'everywhere' || hidden.address === anyAddress)
}

function isSameServer(a: Listener, b: Listener, keysOf: ServerKeys): boolean {
  const keys = keysOf(a)
  return keysOf(b).some((key) => keys.includes(key))
}

/** The ports, of any servers, at which `localhost` is two of them. Those of one port and protocol go together. */
export function splitLocalhosts<Server extends Bound>(
  servers: readonly Server[],
  keysOf: ServerKeys<Server>,
): Localhost<Server>[] {
  return [...groupBy(servers, ({ port, protocol }) => `${protocol}/${port}`).values()]
    .filter((group) => group.length > 1)
    .map((group) => localhostOf(group, keysOf))
    .filter(({ outcome }) => outcome === 'split')
}

/** Sockets at the very same endpoint: they share what arrives (`SO_REUSEPORT`), each gets a part. Groups of two or more. */
export function sharingGroups(listeners: readonly Listener[]): Listener[][] {
  return [...groupBy(listeners, ({ protocol, address, port }) => `${protocol} ${address} ${port}`).values()].filter(
    (group) => group.length > 1,
  )
}
