import type { Mention, MentionName } from '../../core/mention.ts'
import { holdsPort, mentionAt } from './mention-at.ts'

/** This machine, as files call it. Any other host's port is not ours to speak of. */
const here = String.raw`(?:[\w-]{1,63}\.){0,8}localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|host\.docker\.internal|\[::1?\]`
const scheme = '(?:(?<scheme>[a-z]{1,20})(?:[+][a-z0-9]{1,20})?://(?:[^\\s"\'`/@]{0,200}@)?)?'
const endpoint = new RegExp(String.raw`(?<![\w.-])${scheme}(?:${here}):(?<digits>\d{1,5})(?![\d:]|[-.]\d)`, 'gi')
/** Schemes that tell nothing about who is there. */
const anybody = /^(?:https?|wss?|tcp|udp)$/i
const fallback = /\$\{(?<variable>[A-Za-z_]\w*):?[-=](?<digits>\d{1,5})\}/g

/** Every `localhost:3000` of a text, in a URL or alone. */
export function endpointsIn(text: string, base: number, names: readonly MentionName[]): Mention[] {
  return [...text.matchAll(endpoint)].flatMap((match) => {
    const { digits = '', scheme: spoken } = match.groups ?? {}
    const start = base + match.index + match[0].length - digits.length
    const told: MentionName[] = spoken === undefined || anybody.test(spoken) ? [] : [{ by: 'scheme', text: spoken }]
    return mentionAt(start, digits, { side: 'connects', names: [...names, ...told] })
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
