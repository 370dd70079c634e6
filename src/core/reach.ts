import { anyAddress, anyIPv4, anyIPv6, familiesOf } from './address.ts'
import type { Address } from './address.ts'
import type { Listener } from './listener.ts'

/** From where a listener can be reached: this machine alone, one of its networks, every network that it is in. */
export type Exposure = 'loopback' | 'network' | 'everywhere'

export function exposureOf(address: Address): Exposure {
  if (address === anyAddress || address === anyIPv4 || address === anyIPv6) return 'everywhere'
  return isLoopback(address) ? 'loopback' : 'network'
}

/** 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291, 2.5.3). */
export function isLoopback(address: Address): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** What tells two servers apart: the keys of a listener's holders. Listeners that share a key are one server. */
export type ServerKeys = (listener: Listener) => readonly string[]

/** The processes that have it open. */
export const keysOfHolders: ServerKeys = ({ holders }) =>
  holders.map(({ boot, pid, start }) => `${boot}/${pid}/${start}`)

/** Who answers a client that connects to `localhost`: it may try either family first, so both matter. */
export interface Localhost {
  /** Who accepts for 127.0.0.1 and for ::1; several where they share the port. */
  readonly ipv4: readonly Listener[]
  readonly ipv6: readonly Listener[]
  /** `split`: two servers, so that what `localhost` means depends on the client. `unknown`: a holder is not visible. `one-family`, `nobody`: only one of the addresses answers, or none. */
  readonly outcome: 'same' | 'split' | 'unknown' | 'one-family' | 'nobody'
}

/** Whether `localhost` over IPv4 and IPv6 reaches the same server, for the listeners of one port and protocol. */
export function localhostOf(listeners: readonly Listener[], keysOf: ServerKeys = keysOfHolders): Localhost {
  const ipv4 = acceptingFor(listeners, '127.0.0.1' as Address)
  const ipv6 = acceptingFor(listeners, '::1' as Address)
  return { ipv4, ipv6, outcome: outcomeOf(ipv4, ipv6, keysOf) }
}

function outcomeOf(ipv4: readonly Listener[], ipv6: readonly Listener[], keysOf: ServerKeys): Localhost['outcome'] {
  if (!ipv4.length && !ipv6.length) return 'nobody'
  if (!ipv4.length || !ipv6.length) return 'one-family'
  if (ipv4.some((one) => ipv6.includes(one))) return 'same'
  const [keys4, keys6] = [ipv4.flatMap(keysOf), ipv6.flatMap(keysOf)]
  if (keys4.some((key) => keys6.includes(key))) return 'same'
  return keys4.length && keys6.length ? 'split' : 'unknown'
}

/** Those of the listeners of one port and protocol that the kernel gives what arrives at the address: the most exactly bound ones. */
export function acceptingFor(listeners: readonly Listener[], address: Address): Listener[] {
  const exact = listeners.filter((listener) => listener.address === address)
  if (exact.length) return exact
  const [family] = familiesOf(address)
  const wide = listeners.filter(
    (listener) =>
      exposureOf(listener.address) === 'everywhere' && familiesOf(listener.address).some((one) => one === family),
  )
  // `compute_score` (net/ipv4/inet_hashtables.c) prefers a socket of the family itself to a dual one.
  const own = wide.filter((listener) => listener.address !== anyAddress)
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
  for (const group of Map.groupBy(listeners, ({ port, protocol }) => `${protocol}/${port}`).values()) {
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

/** The ports, of any listeners, at which `localhost` is two servers. The listeners of one port and protocol go together. */
export function splitLocalhosts(listeners: readonly Listener[], keysOf: ServerKeys = keysOfHolders): Localhost[] {
  return [...Map.groupBy(listeners, ({ port, protocol }) => `${protocol}/${port}`).values()]
    .map((group) => localhostOf(group, keysOf))
    .filter(({ outcome }) => outcome === 'split')
}

/** Sockets at the very same endpoint: they share what arrives (`SO_REUSEPORT`), each gets a part. Groups of two or more. */
export function sharingGroups(listeners: readonly Listener[]): Listener[][] {
  return [...Map.groupBy(listeners, ({ protocol, address, port }) => `${protocol} ${address} ${port}`).values()].filter(
    (group) => group.length > 1,
  )
}
