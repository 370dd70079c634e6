import { isPortNumber } from '../../core/port.ts'
import type { Found } from './found.ts'
import { plainText } from './inline.ts'

/** A name in bold, with the sentence behind it; escaped marks do not end the name. */
const boldName = /^\*\*(?<name>(?:[^\\*]|\\.|\*(?!\*))+?):?\*\*\s*:?\s*(?:[-–—]\s+)?(?<rest>.*)$/s
const plainName =
  /^(?<name>[^:]+?)(?::|\s[-–—])?\s+(?=(?:was\s+|has been\s+)?(?:moved|relocated|reassigned|changed|migrated|remapped)\b|\d)(?<rest>.*)$/is
const verb = /^(?:was\s+|has been\s+)?(?:moved|relocated|reassigned|changed|migrated|remapped)\b/i
const fromPart = /^from\s+(?:port\s+)?`?(?<from>\d+)`?\s+/i
/** Up to three words may stand before `port`: `to dedicated port 3001`. */
const toPart = /^(?:to|onto)\s+(?:(?<kind>(?:[a-z]+\s+){0,3})port\s+)?(?:\*\*|`)?(?<to>\d+)(?:\*\*|`)?(?![\d-])/i
const arrow = /^(?:port\s+)?`?(?<from>\d+)`?\s*(?:→|->|=>|➜)\s*(?:port\s+)?`?(?<to>\d+)`?(?!\d)/i
const lateFrom = /^\s*,?\s*\(?from\s+(?:port\s+)?`?(?<from>\d+)`?\)?/i
const whenPart = /\s*\((?<when>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\)$/

interface Sentence {
  readonly from: string | null
  readonly to: string
  readonly kind: string
  readonly rest: string
}

/**
 * A recorded move, as a sentence (`**Grafana**: Moved from port 3000 to port 3006 to avoid conflict`) or an arrow
 * (`Grafana: 3000 → 3006`). `why` is what else the sentence says, without the point or comma it begins with. Null
 * where the item is no such sentence.
 */
export function readMove(line: number, text: string): Found | null {
  const item = (boldName.exec(text) ?? plainName.exec(text))?.groups
  if (!item) return null
  const sentence = readSentence(item['rest'] ?? '')
  if (!sentence) return null
  const to = Number(sentence.to)
  const from = sentence.from === null ? null : Number(sentence.from)
  if (!isPortNumber(to)) return { kind: 'refusal', line, text, why: `${sentence.to} is not a port` }
  if (from !== null && !isPortNumber(from))
    return { kind: 'refusal', line, text, why: `${sentence.from} is not a port` }
  const when = whenPart.exec(sentence.rest)
  const rest = when ? sentence.rest.slice(0, when.index) : sentence.rest
  const reason = plainText(rest.replace(/^[\s.,;:–—-]+/, '').replace(/^\(([^()]*)\)$/, '$1'))
  const why = [sentence.kind, reason].filter((part) => part !== '').join(' ')
  return {
    kind: 'move',
    line,
    text,
    service: plainText(item['name'] ?? ''),
    from,
    to,
    why,
    when: when?.groups?.['when'] ?? null,
  }
}

function readSentence(rest: string): Sentence | null {
  const drawn = arrow.exec(rest)
  if (drawn)
    return {
      from: drawn.groups?.['from'] ?? null,
      to: drawn.groups?.['to'] ?? '',
      kind: '',
      rest: rest.slice(drawn[0].length),
    }
  const moved = verb.exec(rest)
  if (!moved) return null
  let tail = rest.slice(moved[0].length).trimStart()
  const early = fromPart.exec(tail)
  tail = tail.slice(early?.[0].length ?? 0)
  const target = toPart.exec(tail)
  if (!target) return null
  tail = tail.slice(target[0].length)
  const late = early ? null : lateFrom.exec(tail)
  const words = target.groups?.['kind']?.trim() ?? ''
  return {
    from: early?.groups?.['from'] ?? late?.groups?.['from'] ?? null,
    to: target.groups?.['to'] ?? '',
    kind: words === '' || /^(?:the|a|its|own|new)$/i.test(words) ? '' : `${words} port`,
    rest: tail.slice(late?.[0].length ?? 0),
  }
}
