import { parseAddress } from '../../core/address.ts'
import { isPortNumber } from '../../core/port.ts'
import type { PortNumber } from '../../core/port.ts'
import type { Publish } from '../../core/compose.ts'

/** What the text of one published port says. */
export type Published = Pick<Publish, 'hostIp' | 'published' | 'publishedTo' | 'target' | 'protocol'>

/** Why a port cannot be used; the caller knows where it stands. */
export class PublishError extends Error {}

/**
 * Reads `[[host_ip:]published:]target[/protocol]`, both ports also as ranges. Equal ranges are taken pairwise; a range for one target lets the
 * engine pick. An IPv6 address needs brackets in Compose 2.26 and not in later ones, so both are taken. Throws `PublishError`.
 * Source: the Compose specification, "ports", and docker/go-connections, package nat.
 */
export function readShortPublish(text: string): Published[] {
  const slash = text.indexOf('/')
  const [ports, protocolText = ''] = slash < 0 ? [text] : [text.slice(0, slash), text.slice(slash + 1).split('/')[0]]
  const parts = ports.split(':')
  const targetText = parts.pop() ?? ''
  const publishedText = parts.pop() ?? ''
  const protocol = readProtocol(protocolText || 'tcp')
  const hostIp = readHostIp(parts.join(':'))
  if (targetText === '') throw new PublishError(`'${text}' names no container port`)
  const target = readRange(targetText, 'container port')
  const first = targetPort(target.from)
  const count = target.to - target.from + 1
  if (publishedText === '') {
    return Array.from({ length: count }, (_, index) => {
      return { hostIp, published: null, publishedTo: null, target: targetPort(first + index), protocol }
    })
  }
  const published = readRange(publishedText, 'published port')
  const width = published.to - published.from + 1
  if (width !== count && count > 1) {
    throw new PublishError(`'${text}': ${width} published ports cannot serve ${count} container ports`)
  }
  if (count === 1) {
    const publishedTo = width > 1 ? readPort(published.to) : null
    return [{ hostIp, published: readPort(published.from), publishedTo, target: first, protocol }]
  }
  return Array.from({ length: count }, (_, index) => {
    const at = readPort(published.from + index)
    return { hostIp, published: at, publishedTo: null, target: targetPort(first + index), protocol }
  })
}

/** `8000` or `8000-8010`; 0 is a port here. Throws `PublishError`. */
export function readRange(text: string, what: string): { from: number; to: number } {
  const [from = '', to = from] = text.split('-')
  const ends = [from, to].map((end) => (/^[0-9]{1,9}$/.test(end) ? Number(end) : Number.NaN))
  const [first = 0, last = 0] = ends
  if (!ends.every((end) => end <= 65535)) throw new PublishError(`'${text}' is not a ${what}`)
  if (last < first) throw new PublishError(`the ${what} range '${text}' runs backwards`)
  return { from: first, to: last }
}

/** A published port of 0 lets the engine pick. */
export function readPort(number: number): PortNumber | null {
  return isPortNumber(number) ? number : null
}

export function targetPort(number: number): PortNumber {
  if (!isPortNumber(number)) throw new PublishError(`${number} is not a container port`)
  return number
}

export function readProtocol(text: string): Publish['protocol'] {
  const protocol = text.toLowerCase()
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp') return protocol
  throw new PublishError(`'${text}' is not a protocol: tcp, udp or sctp`)
}

/** The address without brackets; null where none is written. Throws `PublishError` for a name such as `localhost`, which engines refuse. */
export function readHostIp(text: string): string | null {
  if (text === '') return null
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text
  if (!isAddress(bare)) throw new PublishError(`'${text}' is not an IP address`)
  return bare
}

function isAddress(text: string): boolean {
  if (text === '*' || text === 'localhost' || /[%[\]]/.test(text)) return false
  try {
    parseAddress(text)
    return true
  } catch {
    return false
  }
}
