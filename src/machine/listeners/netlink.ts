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
const messageLength = 72

/** Listening, for TCP; closed, which is what the kernel calls a UDP socket without a peer. */
const states: Record<Protocol, number> = { tcp: 1 << 10, udp: 1 << 7 }
const protocolNumbers: Record<Protocol, number> = { tcp: 6, udp: 17 }

/** The request for every listener of a protocol in a family: `nlmsghdr` and `inet_diag_req_v2`. */
export function diagRequest(protocol: Protocol, family: 4 | 6): Uint8Array {
  const request = new Uint8Array(headerLength + 56)
  const view = new DataView(request.buffer)
  view.setUint32(0, request.length, true)
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true)
  view.setUint16(6, NLM_F_REQUEST_DUMP, true)
  request[headerLength] = family === 4 ? AF_INET : AF_INET6
  request[headerLength + 1] = protocolNumbers[protocol]
  view.setUint32(headerLength + 4, states[protocol], true)
  return request
}

/** The answer to one `diagRequest`, which comes in parts of whole messages. */
export class DiagAnswer {
  readonly sockets: BoundSocket[] = []
  /** Sockets came and went so that the dump may miss some or show some twice: ask again. */
  interrupted = false
  /** `failed`: the kernel refused, what it said before may be incomplete. */
  state: 'open' | 'done' | 'failed' = 'open'
  readonly #protocol: Protocol

  constructor(protocol: Protocol) {
    this.#protocol = protocol
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
        this.#addSocket(view, at + headerLength, at + length)
      } else if (type === NLMSG_DONE) {
        // The number after the header is negative where the dump broke off.
        this.state = length >= headerLength + 4 && view.getInt32(at + headerLength, true) < 0 ? 'failed' : 'done'
      } else if (type === NLMSG_ERROR) {
        this.state = 'failed'
      }
      at += (length + 3) & ~3
    }
  }

  #addSocket(view: DataView, at: number, end: number): void {
    const number = view.getUint16(at + 4)
    if (!isPortNumber(number)) return
    const family = view.getUint8(at) === AF_INET6 ? 6 : 4
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 8, family === 6 ? 16 : 4)
    const bound = zoned(addressFromBytes(bytes), view.getUint32(at + 40, true))
    this.sockets.push({
      protocol: this.#protocol,
      family,
      address: bound === anyIPv6 && !isIPv6Only(view, at + messageLength, end) ? anyAddress : bound,
      port: number,
      inode: view.getUint32(at + 68, true),
      uid: view.getUint32(at + 64, true),
    })
  }
}

/** A link-local address means nothing without its interface, which is given by number: RFC 4007, section 11. */
function zoned(address: Address, device: number): Address {
  return device !== 0 && /^fe[89ab]/.test(address) ? parseAddress(`${address}%${device}`) : address
}

/** The kernel adds this attribute unasked to every listening or unconnected IPv6 socket (`inet_diag_msg_attrs_fill`). */
function isIPv6Only(view: DataView, from: number, end: number): boolean {
  for (let at = from; at + 4 < end;) {
    const length = view.getUint16(at, true)
    if (view.getUint16(at + 2, true) === INET_DIAG_SKV6ONLY) return view.getUint8(at + 4) !== 0
    if (length < 4) return false
    at += (length + 3) & ~3
  }
  return false
}
