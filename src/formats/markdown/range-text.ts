import { isPortNumber } from '../../core/port.ts'
import type { PortNumber } from '../../core/port.ts'

export interface Span {
  readonly from: PortNumber
  readonly to: PortNumber
}

/** What stands between the two ends: a hyphen, a dash, dots or `to`. */
const between = String.raw`\s*(?:[-–—…]|\.{2,3}|\bto\b)\s*`
const alone = new RegExp(String.raw`^(?:ports?:?\s*)?(\d+)(?:${between}(\d+))?$`, 'i')
const inBrackets = new RegExp(String.raw`[([]\s*(?:ports?:?\s*)?(\d+)${between}(\d+)\s*[)\]]$`, 'i')
const anywhere = new RegExp(String.raw`\b(?:ports?:?\s*)?(\d{2,})${between}(\d{2,})\b`, 'i')

/** The one range that a cell says, or in plain words why it says none. A single port is a range of one. */
export function readSpan(text: string): Span | string {
  const [, from, to] = alone.exec(text) ?? []
  if (from === undefined) return text === '' ? 'the range cell is empty' : `the range cell says '${text}'`
  return spanOf(from, to ?? from)
}

/**
 * A heading's name and its range: `Web (4000-4099)`, `Web 4000–4099`, `8000 to 8099: Web`. Null where there is no
 * range. A name that a range in brackets follows is left exactly as it stands.
 */
export function readNamedSpan(text: string): { name: string; span: Span | string } | null {
  const bracketed = inBrackets.exec(text)
  const match = bracketed ?? anywhere.exec(text)
  if (!match) return null
  const [found, from = '', to = ''] = match
  const before = text.slice(0, match.index)
  const name = bracketed ? before.trim() : withoutEdges(before + text.slice(match.index + found.length))
  return { name: name === '' ? `${from}-${to}` : name, span: spanOf(from, to) }
}

function spanOf(first: string, last: string): Span | string {
  const from = Number(first)
  const to = Number(last)
  if (!isPortNumber(from)) return `${first} is not a port`
  if (!isPortNumber(to)) return `${last} is not a port`
  return from > to ? `${from}-${to} runs backwards` : { from, to }
}

function withoutEdges(text: string): string {
  return text.replace(/^[\s:,–—-]+/, '').replace(/(?<![\s:,–—(-])[\s:,–—(-]+$/, '')
}
