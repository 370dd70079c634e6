import { anyAddress, anyIPv6, familiesOf } from '../../core/address.ts'
import type { Address } from '../../core/address.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { errno } from './errno.ts'
import { openListening } from './libc.ts'
import type { Libc } from './libc.ts'
import { cString, fixedBytes } from './memory.ts'

const AF_INET = 2
const AF_INET6 = 10
const SOCK_CLOEXEC = 0o2000000
const socketTypes: Record<Protocol, number> = { tcp: 1, udp: 2 }
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26

type Listening = NonNullable<ReturnType<typeof openListening>>

let listening: Listening | null | undefined

/**
 * Binds and, for TCP, listens for a moment; 0 or the number of the error. `SO_REUSEADDR` as every server sets it, because without it a port
 * whose old connections are still in TIME_WAIT looks taken. UDP has no TIME_WAIT, and there the option would share the port with its holder. See socket(7), ip(7), ipv6(7).
 */
export function bindForAMoment(libc: Libc, protocol: Protocol, address: Address, port: PortNumber): number {
  const socket = listenOn(libc, protocol, address, port, 1)
  if (socket < 0) return -socket
  libc.close(socket)
  return 0
}

/** A socket that is bound and, for TCP, listens with so long a queue; the negative number of the error where it cannot be. */
export function listenOn(libc: Libc, protocol: Protocol, address: Address, port: PortNumber, queue: number): number {
  const calls = (listening ??= openListening())
  if (!calls) return -errno.ENOSYS
  const isIPv6 = familiesOf(address).includes(6)
  const socket = libc.socket(isIPv6 ? AF_INET6 : AF_INET, socketTypes[protocol] | SOCK_CLOEXEC, 0)
  if (socket < 0) return -libc.errno()
  const fail = (): number => {
    const error = libc.errno()
    libc.close(socket)
    return -error
  }
  if (protocol === 'tcp') setOption(calls, socket, SOL_SOCKET, SO_REUSEADDR, true)
  if (isIPv6) setOption(calls, socket, IPPROTO_IPV6, IPV6_V6ONLY, address !== anyAddress)
  const name = isIPv6
    ? nameIPv6(calls, address === anyAddress ? anyIPv6 : address, port)
    : nameIPv4(calls, address, port)
  if (calls.bind(socket, name, name.length) < 0) return fail()
  // Two TCP sockets may both bind; that the port is taken shows when the second one listens.
  return protocol === 'tcp' && calls.listen(socket, queue) < 0 ? fail() : socket
}

function setOption(calls: Listening, socket: number, level: number, option: number, on: boolean): void {
  const value = fixedBytes(4)
  value[0] = on ? 1 : 0
  calls.setsockopt(socket, level, option, value, value.length)
}

/** `struct sockaddr_in`, ip(7). */
function nameIPv4(calls: Listening, address: string, port: PortNumber): Uint8Array {
  const name = fixedBytes(16)
  const view = new DataView(name.buffer)
  view.setUint16(0, AF_INET, true)
  view.setUint16(2, port)
  calls.inet_pton(AF_INET, cString(address), name.subarray(4))
  return name
}

/** `struct sockaddr_in6`, ipv6(7). */
function nameIPv6(calls: Listening, address: string, port: PortNumber): Uint8Array {
  const [literal = '', zone = ''] = address.split('%')
  const name = fixedBytes(28)
  const view = new DataView(name.buffer)
  view.setUint16(0, AF_INET6, true)
  view.setUint16(2, port)
  calls.inet_pton(AF_INET6, cString(literal), name.subarray(8))
  view.setUint32(24, /^\d+$/.test(zone) ? Number(zone) : calls.if_nametoindex(cString(zone)), true)
  return name
}
