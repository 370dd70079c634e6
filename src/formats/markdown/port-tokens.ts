import type { Protocol } from '../../core/port.ts'

export type PortToken =
  | {
      readonly kind: 'ports'
      readonly host: string | null
      readonly first: string
      readonly last: string | null
      readonly protocols: readonly Protocol[]
      readonly chained: boolean
    }
  | { readonly kind: 'protocol'; readonly protocol: Protocol }

/** How a port looks where nothing around it says that a number is one. */
export const surePort =
  /(?<![\w.])(?:localhost|\d+(?:\.\d+){3}|\*)?:\d{2,5}(?![\d:.])|\bports?\b[\s:#]*\d|\d\/(?:tcp|udp)\b/i

const url = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/:@[\]]*|\[[^\]\s]*\]):(?<first>\d+)(?:\/[^\s,;|]*)?(?=$|[\s,;|)])/iy
/** `127.0.0.1:`, `[::1]:`, `localhost:`, `*:` or only the colon. */
const host = String.raw`(?:(?<host>\[[^\][\s]{2,60}\]|\*|(?!\d+:)[a-z0-9][a-z0-9._-]{0,252})?:)?`
const last = String.raw`(?:(?:\s*(?:[-–—…]|\.{2,3})\s*|\s+to\s+)(?<last>\d+))?`
/** The container's port behind the host's: `:80`, `->80`. */
const inner = String.raw`(?:(?::|->|→)\d+(?:-\d+)?)?`
const attached = String.raw`(?<protocols>\/(?:tcp|udp)\b(?:[/+&,]\s?(?:tcp|udp)\b)*)?`
const numbers = new RegExp(String.raw`${host}(?<first>\d+)${last}${inner}${attached}(?![\w.]|[-–—:])`, 'iy')
const protocol = /(?:tcp|udp)(?![a-z0-9])/iy
/** Words beside the number that only say what the port is for. */
const label =
  /(?:ports?|host|external|published|https?|grpc|wss?|web|ui|api|admin|tls|ssl|console|metrics|default)\b:?/iy
/** A remark without digits; one with digits might take back what the number says (`was 8080`). */
const remark = /\((?!\s*(?:tcp|udp)\b)[^()\d]*\)/iy
const separator = /(?:[\s,;/&|():]|\+(?=\s*[\w:[]))+|and\b|or\b/iy

/** The words of a port cell, or null where one of them is not understood: half a meaning is none. */
export function portTokens(text: string): PortToken[] | null {
  const tokens: PortToken[] = []
  let chained = false
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at += match[0].length
    return match
  }
  while (at < text.length) {
    const found = take(url) ?? take(numbers)
    if (found) {
      const { first = '', protocols = '', ...ends } = found.groups ?? {}
      const place = { host: ends['host'] ?? null, first, last: ends['last'] ?? null }
      tokens.push({ kind: 'ports', ...place, protocols: protocolsIn(protocols), chained })
      continue
    }
    const named = take(protocol)
    if (named) tokens.push(...protocolsIn(named[0]).map((one) => ({ kind: 'protocol', protocol: one }) as const))
    else if (!take(label) && !take(remark)) {
      const gap = take(separator)
      if (!gap) return null
      chained = gap[0] === '/'
    }
  }
  return tokens
}

/** Every protocol that the words name, each once. */
export function protocolsIn(text: string): Protocol[] {
  const words = text.toLowerCase()
  return (['tcp', 'udp'] as const).filter((name) => new RegExp(`(?<![a-z])${name}(?![a-z])`).test(words))
}
