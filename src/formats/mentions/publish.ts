import { isPortNumber } from '../../core/port.ts'
import type { PortNumber } from '../../core/port.ts'
import type { Mention } from '../../core/mention.ts'
import { mentionAt } from './mention-at.ts'

/** One entry of a `ports` list; `mention` is null where it has no single published port in digits. */
export interface ReadPublish {
  readonly mention: Mention | null
  /** The container's side; null where it is not told in digits. */
  readonly target: PortNumber | null
}

interface Side {
  readonly digits: string
  readonly start: number
  readonly variable: string | null
}

/** `[[ip:]published:]target[/protocol]`, where a side may be `${VARIABLE:-3000}`. Ranges and what is not understood give nothing. */
export function readShort(text: string, base: number): ReadPublish[] {
  const [, ports = '', protocol = 'tcp'] = /^(.*?)(?:\/(tcp|udp))?$/s.exec(text) ?? []
  const parts = [...ports.matchAll(/(?:\$\{[^}]{0,200}\}|\[[^\]]*\]|[^:])+/g)].map(({ 0: part, index }) => ({
    part,
    index,
  }))
  const target = readSide(parts.at(-1)?.part ?? '', 0)
  const at = parts.at(-2)
  if (!at || parts.length > 6) return []
  const published = readSide(at.part, base + at.index)
  return [readPublish(published, target, protocol === 'udp' ? 'udp' : 'tcp')]
}

/** One side of a published port in the long form, or between two colons. */
export function readSide(text: string, start: number): Side | null {
  if (/^\d+$/.test(text)) return { digits: text, start, variable: null }
  const match = /^\$\{(?<variable>\w+):?-(?<digits>\d+)\}$/.exec(text)?.groups
  const { variable = null, digits = '' } = match ?? {}
  return match ? { digits, start: start + text.length - 1 - digits.length, variable } : null
}

export function readPublish(published: Side | null, target: Side | null, protocol: 'tcp' | 'udp'): ReadPublish {
  const inner = Number(target?.digits ?? Number.NaN)
  const [mention = null] = published
    ? mentionAt(published.start, published.digits, {
        protocol,
        names: published.variable === null ? [] : [{ by: 'variable', text: published.variable }],
      })
    : []
  return { mention, target: isPortNumber(inner) ? inner : null }
}
