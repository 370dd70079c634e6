import type { Mention, MentionName } from '../../core/mention.ts'
import { holdsPort, mentionAt } from './mention-at.ts'

/** This machine, as files call it. Any other host's port is not ours to speak of. */
const here = String.raw`(?:[\w-]{1,63}\.){0,8}localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|host\.docker\.internal|\[::1?\]`
const endpoint = new RegExp(String.raw`(?<![\w.-])(?:${here}):(?<digits>\d{1,5})(?![\d:]|[-.]\d)`, 'gi')
const fallback = /\$\{(?<variable>[A-Za-z_]\w*):?[-=](?<digits>\d{1,5})\}/g

/** Every `localhost:3000` of a text, in a URL or alone. */
export function endpointsIn(text: string, base: number, names: readonly MentionName[]): Mention[] {
  return [...text.matchAll(endpoint)].flatMap((match) => {
    const digits = match.groups?.['digits'] ?? ''
    return mentionAt(base + match.index + match[0].length - digits.length, digits, { side: 'connects', names })
  })
}

/** Every `${GRAFANA_PORT:-3000}` of a text: what a variable is where nobody sets it. */
export function fallbacksIn(text: string, base: number, names: readonly MentionName[] = []): Mention[] {
  return [...text.matchAll(fallback)].flatMap((match) => {
    const { variable = '', digits = '' } = match.groups ?? {}
    if (!holdsPort(variable)) return []
    const start = base + match.index + match[0].length - 1 - digits.length
    return mentionAt(start, digits, { names: [{ by: 'variable', text: variable }, ...names] })
  })
}

/** Whether a host, as a variable gives it, is this machine. */
export function isHere(host: string): boolean {
  return host === '' || host === '::' || host === '::1' || new RegExp(`^(?:${here})$`, 'i').test(host)
}
