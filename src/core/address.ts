import { Problem } from './problem.ts'

declare const checked: unique symbol
/**
 * Where a socket is bound, in one canonical spelling: `*` every address of both families (what `listen(port)` without a host does),
 * `0.0.0.0` every IPv4 address, `::` every IPv6 address and no IPv4 one (`IPV6_V6ONLY`), else one address.
 * An IPv4 address mapped into IPv6 is the IPv4 address.
 */
export type Address = string & { readonly [checked]: 'address' }

export const anyAddress = '*' as Address
export const anyIPv4 = '0.0.0.0' as Address
export const anyIPv6 = '::' as Address

/** `*`, `localhost` (127.0.0.1), an IPv4 or an IPv6 address, the latter with or without brackets. Throws `address-invalid`. */
export function parseAddress(text: string): Address {
  if (text === '*') return anyAddress
  if (text === 'localhost') return '127.0.0.1' as Address
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text
  const [literal = '', zone] = bare.split('%')
  const v4 = ipv4Bytes(literal)
  if (v4 && zone === undefined) return v4.join('.') as Address
  const groups = ipv6Groups(literal)
  if (!groups || (zone !== undefined && !/^[\w.-]{1,32}$/.test(zone))) throw new Problem('address-invalid', { text })
  const canonical = ipv6FromGroups(groups)
  return (zone === undefined ? canonical : `${canonical}%${zone}`) as Address
}

/** An address from the four or sixteen bytes that the kernel keeps, network order. */
export function addressFromBytes(bytes: Uint8Array): Address {
  if (bytes.length === 4) return bytes.join('.') as Address
  const groups: number[] = []
  for (let index = 0; index < 16; index += 2) groups.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0))
  return ipv6FromGroups(groups) as Address
}

/** 4, 6, or both for `*`. */
export function familiesOf(address: Address): readonly (4 | 6)[] {
  if (address === anyAddress) return [4, 6]
  return address.includes(':') ? [6] : [4]
}

/**
 * Whether two sockets on one port and protocol would stand in each other's way when both listen: they share a family, and they are bound
 * to the same address or one of them to all of that family. Measured on Linux; the matrix stands in `address.test.ts`.
 */
export function overlaps(a: Address, b: Address): boolean {
  if (a === b) return true
  return familiesOf(a).some((family) => familiesOf(b).includes(family) && (isAny(a) || isAny(b)))
}

/** Whether only this machine can reach what is bound there: 127.0.0.0/8 and `::1` (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
export function isLoopback(address: Address): boolean {
  return address.startsWith('127.') || address === '::1'
}

/** Whether a connection to `localhost` ends there, in one of the families: bound to everything, or to 127.0.0.1 or ::1. */
export function reachesLoopback(address: Address): boolean {
  return isAny(address) || address === '127.0.0.1' || address === '::1'
}

/** Whether the address stands for all addresses of its family or families. */
function isAny(address: Address): boolean {
  return address === anyAddress || address === anyIPv4 || address === anyIPv6
}

function ipv4Bytes(text: string): number[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return null
  const bytes = match.slice(1).map(Number)
  return bytes.every((byte, index) => byte <= 255 && String(byte) === match[index + 1]) ? bytes : null
}

function ipv6Groups(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [left, right] = halves.map((half) => groupsOf(half))
  if (!left || right === null) return null
  if (right === undefined) return left.length === 8 ? left : null
  const missing = 8 - left.length - right.length
  return missing < 1 ? null : [...left, ...Array.from({ length: missing }, () => 0), ...right]
}

/** The groups of one half of an address; the last may be an IPv4 address, which counts as two. */
function groupsOf(half: string): number[] | null {
  if (half === '') return []
  const groups: number[] = []
  const parts = half.split(':')
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 ? ipv4Bytes(part) : null
    if (v4) {
      const [a = 0, b = 0, c = 0, d = 0] = v4
      groups.push((a << 8) | b, (c << 8) | d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return null
    }
  }
  return groups
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups as `::`. IPv4-mapped addresses come out as IPv4. */
function ipv6FromGroups(groups: readonly number[]): string {
  const [, , , , , sixth, seventh = 0, eighth = 0] = groups
  if (sixth === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return [seventh >> 8, seventh & 255, eighth >> 8, eighth & 255].join('.')
  }
  let start = -1
  let longest = 1
  for (let index = 0; index < 8; index++) {
    let length = 0
    while (groups[index + length] === 0) length++
    if (length > longest) {
      longest = length
      start = index
    }
    index += length
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + longest))}`
}
