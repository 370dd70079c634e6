import type { Resolution } from '../../core/service.ts'
import { encodeReference } from './character-reference.ts'
import { escapeText } from './escape.ts'

/** One line of the list of moves, in words that `readMove` takes apart again: from, to, why and when. */
export function writeMove({ service, from, to, why, when }: Resolution): string {
  const name = escapeText(service).replace(/:$/, encodeReference)
  const dedicated = why === 'dedicated port' ? `to dedicated port ${to}` : `to port ${to}`
  const moved = from === null ? `Moved ${dedicated}` : `Moved from port ${from} ${dedicated}`
  const reason = why === '' || why === 'dedicated port' ? '' : ` ${writeReason(why)}`
  return `- **${name}**: ${moved}${reason}${when === null ? '' : ` (${when})`}`
}

/**
 * Where the reason begins like a part of the sentence, or ends like a time, that character is written so that it is
 * not taken for one.
 */
function writeReason(why: string): string {
  return escapeText(why)
    .replace(/^(?:[.,;:–—()-]|from\b)/i, (start) => encodeReference(start) + start.slice(1))
    .replace(/\)$/, encodeReference)
}
