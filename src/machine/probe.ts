import { anyAddress, anyIPv4, anyIPv6, familiesOf } from '../core/address.ts'
import type { Address } from '../core/address.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import { errorCode } from './error-code.ts'
import { bindForAMoment } from './native/bind.ts'
import { errno } from './native/errno.ts'
import type { Libc } from './native/libc.ts'

interface Place {
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
}

/**
 * Asks the kernel whether a server could listen there now, by doing so and closing at once. `*` is one socket for both families, and
 * IPv4 alone on a machine without IPv6. `taken`: another socket stands in the way. `denied`: nobody could listen there as we are, whoever
 * holds what: the port is privileged (EACCES), a policy forbids it (EPERM), or the address or its family is not this machine's
 * (EADDRNOTAVAIL, EAFNOSUPPORT) — that is not `taken`, for there is no holder to look for, and not `free`, for a start would fail.
 * Any other error is thrown.
 */
export async function probe(place: Place, libc: Libc | null): Promise<'free' | 'taken' | 'denied'> {
  const error = await errorOf(place, libc)
  if (error === errno.EAFNOSUPPORT && place.address === anyAddress)
    return await probe({ ...place, address: anyIPv4 }, libc)
  switch (error) {
    case 0:
      return 'free'
    case errno.EADDRINUSE:
      return 'taken'
    case errno.EACCES:
    case errno.EPERM:
    case errno.EADDRNOTAVAIL:
    case errno.EAFNOSUPPORT:
      return 'denied'
    default:
      throw new Error(
        `the kernel answers a bind to ${place.address} port ${place.port}/${place.protocol} with error ${error}`,
      )
  }
}

async function errorOf({ protocol, address, port }: Place, libc: Libc | null): Promise<number> {
  if (libc) return bindForAMoment(libc, protocol, address, port)
  return protocol === 'tcp' ? listenForAMoment(address, port) : await bindDatagramsForAMoment(address, port)
}

/** The portable way for TCP; Bun sets `SO_REUSEADDR` on every listener, and `exclusive` keeps `SO_REUSEPORT` off. */
function listenForAMoment(address: Address, port: PortNumber): number {
  const hostname = address === anyAddress ? anyIPv6 : address
  // A value of its own, because the types of Bun.listen do not know `ipv6Only`, which it honours.
  const options = { hostname, port, ipv6Only: address === anyIPv6, exclusive: true }
  try {
    Bun.listen({ ...options, socket: { data() {} } }).stop(true)
    return 0
  } catch (error) {
    return numberOf(error)
  }
}

/** The portable way for UDP. */
async function bindDatagramsForAMoment(address: Address, port: PortNumber): Promise<number> {
  const { createSocket } = await import('node:dgram')
  const type = familiesOf(address).includes(6) ? 'udp6' : 'udp4'
  const socket = createSocket({ type, ipv6Only: address === anyIPv6 })
  return await new Promise((resolve) => {
    const finish = (error: number): void => {
      socket.close()
      resolve(error)
    }
    socket.once('error', (error) => finish(numberOf(error)))
    socket.bind({ address: address === anyAddress ? anyIPv6 : address, port, exclusive: true }, () => finish(0))
  })
}

/** The kernel's number of an error that Bun or Node reports by name. */
function numberOf(error: unknown): number {
  const number = new Map<string | null, number>(Object.entries(errno)).get(errorCode(error))
  if (number === undefined) throw error
  return number
}
