import { anyAddress, anyIPv4, anyIPv6, parseAddress } from '../../core/address.ts'
import type { Address } from '../../core/address.ts'
import { isPortNumber } from '../../core/port.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'

/** A socket as one process has it open; a socket that several share comes once for each. */
export interface OpenSocket {
  readonly protocol: Protocol
  readonly family: 4 | 6
  readonly address: Address
  readonly port: PortNumber
  /** What makes two rows the same socket: its inode on Linux, the address of its control block in the kernel on macOS, which is cut to what a number holds. */
  readonly inode: number
  readonly pid: number
  readonly uid: number
  readonly user: string
}

/** The words for lsof: numbers and no names, no warnings, and of TCP only what listens. It takes one protocol, because a state that is asked for hides every UDP socket. */
export function lsofCommand(protocol: Protocol): [string, ...string[]] {
  const which = protocol === 'tcp' ? ['-iTCP', '-sTCP:LISTEN'] : ['-iUDP']
  return ['lsof', '-nP', '-w', ...which, '-F', 'puLftdPnT']
}

/**
 * What `lsof -F` wrote for one protocol (lsof(8), "OUTPUT FOR OTHER PROGRAMS"): a field a line, its letter first; `p` begins a process and `f` a file. UDP sockets with a peer are clients. A
 * `*` of IPv6 is taken for both families unless an IPv4 socket stands on the same port, for lsof does not tell.
 */
export function parseLsof(text: string): OpenSocket[] {
  const sockets: OpenSocket[] = []
  let process: Record<string, string> = {}
  let file: Record<string, string> = {}
  const finish = (): void => {
    const socket = socketOf(process, file)
    if (socket) sockets.push(socket)
    file = {}
  }
  for (const line of text.split('\n')) {
    const [letter, value] = [line.slice(0, 1), line.slice(1)]
    if (letter === 'p' || letter === 'f' || letter === '') finish()
    if (letter === 'p') process = {}
    if ('puL'.includes(letter)) process[letter] = value
    else if (letter === 'T' && value.startsWith('ST=')) file['state'] = value.slice(3)
    else if (letter !== 'T') file[letter] = value
  }
  finish()
  const ports4 = new Set(
    sockets.filter(({ family }) => family === 4).map(({ port, protocol }) => `${protocol} ${port}`),
  )
  return sockets.map((socket) =>
    socket.address === anyIPv6 && !ports4.has(`${socket.protocol} ${socket.port}`)
      ? { ...socket, address: anyAddress }
      : socket,
  )
}

function socketOf(
  process: Readonly<Record<string, string>>,
  file: Readonly<Record<string, string>>,
): OpenSocket | null {
  const { P: kind = '', n: name = '', t: type, d: device = '', state } = file
  const protocol = kind.toLowerCase()
  if (protocol !== 'tcp' && protocol !== 'udp') return null
  if (name.includes('->') || (protocol === 'tcp' && state !== 'LISTEN')) return null
  const place = placeOf(name, type === 'IPv6' ? 6 : 4)
  if (!place) return null
  return {
    protocol,
    ...place,
    inode: numberOf(device),
    pid: Number(process['p']),
    uid: Number(process['u']),
    user: process['L'] ?? process['u'] ?? '',
  }
}

/** `*:3000`, `127.0.0.1:3000`, `[::1]:3000`. Null for `*:*`, a socket that is bound to nothing yet, and for what is no address. */
export function placeOf(name: string, family: 4 | 6): { family: 4 | 6; address: Address; port: PortNumber } | null {
  const colon = name.lastIndexOf(':')
  const number = Number(name.slice(colon + 1) || Number.NaN)
  if (colon < 1 || !isPortNumber(number)) return null
  const host = name.slice(0, colon)
  if (host === '*') return { family, address: family === 6 ? anyIPv6 : anyIPv4, port: number }
  try {
    return { family, address: parseAddress(host), port: number }
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
}

/** Pointers into the kernel share their upper bits. */
function numberOf(device: string): number {
  if (!device.startsWith('0x')) return Number(device) || 0
  return Number(BigInt.asUintN(48, BigInt(device)))
}
