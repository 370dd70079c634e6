import { addressFromBytes, anyAddress, anyIPv6, parseAddress } from '../../core/address.ts'
import type { Address } from '../../core/address.ts'
import { isPortNumber } from '../../core/port.ts'
import type { Protocol } from '../../core/port.ts'
import type { BoundSocket } from './bound-socket.ts'

// Numbers and layouts: include/uapi/linux/netlink.h, sock_diag.h, inet_diag.h; sock_diag(7). Integers are in the machine's order,
// which is little-endian on both architectures that Bun runs on; ports and addresses are in network order.
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST_DUMP = 0x301
const NLM_F_DUMP_INTR = 0x10
const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const INET_DIAG_SKV6ONLY = 11
const AF_INET = 2
const AF_INET6 = 10
const headerLength = 16
/** `struct inet_diag_msg`. */
const messageLength = 72

/** Listening, for TCP; closed, which is what the kernel calls a UDP socket without a peer. */
const states: Record<Protocol, number> = { tcp: 1 << 10, udp: 1 << 7 }
const protocolNumbers: Record<Protocol, number> = { tcp: 6, udp: 17 }

/** What a request is narrowed to, by the kernel itself: states as bits, and the port at either end. */
export interface SocketFilter {
  readonly states: number
  readonly port?: number
  readonly peerPort?: number
}

/** The request for the sockets of a protocol in a family, the listeners where nothing else is asked for: `nlmsghdr` and `inet_diag_req_v2`. */
export function diagRequest(
  protocol: Protocol,
  family: 4 | 6,
  filter: SocketFilter = { states: states[protocol] },
): Uint8Array {
  const request = new Uint8Array(headerLength + 56)
  const view = new DataView(request.buffer)
  view.setUint32(0, request.length, true)
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true)
  view.setUint16(6, NLM_F_REQUEST_DUMP, true)
  request[headerLength] = family === 4 ? AF_INET : AF_INET6
  request[headerLength + 1] = protocolNumbers[protocol]
  view.setUint32(headerLength + 4, filter.states, true)
  view.setUint16(headerLength + 8, filter.port ?? 0)
  view.setUint16(headerLength + 10, filter.peerPort ?? 0)
  return request
}

/** Reads one socket of an answer: `struct inet_diag_msg` from `at`, its attributes from `attributes` to `end`. */
export type SocketReader<Socket> = (view: DataView, at: number, attributes: number, end: number) => Socket | null

/** The answer to one `diagRequest`, which comes in parts of whole messages. */
export class DiagAnswer<Socket> {
  readonly sockets: Socket[] = []
  /** Sockets came and went so that the dump may miss some or show some twice: ask again. */
  interrupted = false
  /** `failed`: the kernel refused, what it said before may be incomplete. */
  state: 'open' | 'done' | 'failed' = 'open'
  readonly #read: SocketReader<Socket>

  constructor(read: SocketReader<Socket>) {
    this.#read = read
  }

  /** Reads one part. Bytes that are no messages end the answer as `failed`. */
  add(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    while (this.state === 'open' && at + headerLength <= bytes.length) {
      const length = view.getUint32(at, true)
      const type = view.getUint16(at + 4, true)
      if (length < headerLength || at + length > bytes.length) {
        this.state = 'failed'
        return
      }
      if (view.getUint16(at + 6, true) & NLM_F_DUMP_INTR) this.interrupted = true
      if (type === SOCK_DIAG_BY_FAMILY && length >= headerLength + messageLength) {
        const socket = this.#read(view, at + headerLength, at + headerLength + messageLength, at + length)
        if (socket) this.sockets.push(socket)
      } else if (type === NLMSG_DONE) {
        // The number after the header is negative where the dump broke off.
        this.state = length >= headerLength + 4 && view.getInt32(at + headerLength, true) < 0 ? 'failed' : 'done'
      } else if (type === NLMSG_ERROR) {
        this.state = 'failed'
      }
      at += (length + 3) & ~3
    }
  }
}

/** The reader of listeners. */
export function readListener(protocol: Protocol): SocketReader<BoundSocket> {
  return (view, at, attributes, end) => {
    const number = view.getUint16(at + 4)
    if (!isPortNumber(number)) return null
    const bound = addressAt(view, at, at + 8)
    return {
      protocol,
      family: view.getUint8(at) === AF_INET6 ? 6 : 4,
      address: bound === anyIPv6 && !isIPv6Only(view, attributes, end) ? anyAddress : bound,
      port: number,
      inode: view.getUint32(at + 68, true),
      uid: view.getUint32(at + 64, true),
    }
  }
}

/** One of the two addresses of the socket that is described from `at` on. */
export function addressAt(view: DataView, at: number, place: number): Address {
  const length = view.getUint8(at) === AF_INET6 ? 16 : 4
  const bytes = new Uint8Array(view.buffer, view.byteOffset + place, length)
  return zoned(addressFromBytes(bytes), view.getUint32(at + 40, true))
}

/** A link-local address means nothing without its interface, which is given by number: RFC 4007, section 11. */
function zoned(address: Address, device: number): Address {
  return device !== 0 && /^fe[89ab]/.test(address) ? parseAddress(`${address}%${device}`) : address
}

/** The kernel adds this attribute unasked to every listening or unconnected IPv6 socket (`inet_diag_msg_attrs_fill`). */
function isIPv6Only(view: DataView, from: number, end: number): boolean {
  const at = attributeAt(view, from, end, INET_DIAG_SKV6ONLY, 1)
  return at !== null && view.getUint8(at) !== 0
}

/** Where an attribute's value of so many bytes begins, null where the kernel did not add it. */
export function attributeAt(view: DataView, from: number, end: number, type: number, bytes: number): number | null {
  for (let at = from; at + 4 + bytes <= end;) {
    const length = view.getUint16(at, true)
    if (view.getUint16(at + 2, true) === type) return at + 4
    if (length < 4) return null
    at += (length + 3) & ~3
  }
  return null
}
