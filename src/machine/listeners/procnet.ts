import { addressFromBytes, anyAddress, anyIPv6 } from '../../core/address.ts'
import { isPortNumber } from '../../core/port.ts'
import type { Protocol } from '../../core/port.ts'
import type { BoundSocket } from './bound-socket.ts'

/** Field `st`: listening for TCP, without a peer for UDP. */
const states: Record<Protocol, string> = { tcp: '0A', udp: '07' }

/**
 * The listeners in `/proc/net/tcp` and `tcp6` (or `udp` and `udp6`), see proc_pid_net(5). The text does not tell whether an IPv6 socket
 * takes IPv4 as well, so that is inferred: a dual socket on `::` and any IPv4 socket cannot listen on one port, so beside one it must be
 * IPv6 only; alone it is taken for dual, which is what servers do. Wrong for a lone IPv6-only socket, and where the holder
 * allowed sharing (`SO_REUSEPORT`, or `SO_REUSEADDR` on UDP). It does not tell the interface of a link-local address either.
 */
export function parseProcNet(protocol: Protocol, text4: string, text6: string): BoundSocket[] {
  const sockets4 = rowsOf(protocol, 4, text4)
  const ports4 = new Set(sockets4.map(({ port }) => port))
  const sockets6 = rowsOf(protocol, 6, text6).map((socket) =>
    socket.address === anyIPv6 && !ports4.has(socket.port) ? { ...socket, address: anyAddress } : socket,
  )
  return [...sockets4, ...sockets6]
}

function rowsOf(protocol: Protocol, family: 4 | 6, text: string): BoundSocket[] {
  const sockets: BoundSocket[] = []
  // A row without its line's end was cut, and its last number with it.
  for (const line of text.split('\n').slice(0, -1)) {
    const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/)
    if (state !== states[protocol]) continue
    const [hex = '', digits = ''] = local.split(':')
    const number = Number.parseInt(digits, 16)
    if (!isPortNumber(number)) continue
    sockets.push({
      protocol,
      family,
      address: addressFromBytes(bytesOf(hex)),
      port: number,
      inode: Number(inode),
      uid: Number(uid),
    })
  }
  return sockets
}

/** The kernel prints each 32-bit word of the address as a number, so on a little-endian machine every four bytes stand reversed. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => {
    const at = ((index & ~3) + 3 - (index & 3)) * 2
    return Number.parseInt(hex.slice(at, at + 2), 16)
  })
}
