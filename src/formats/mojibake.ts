import { isPrintable } from '../core/text.ts'

/**
 * One way in which UTF-8 is read wrongly: the byte that each character was, and the runs of characters that can have
 * been bytes.
 */
interface Misreading {
  readonly bytes: ReadonlyMap<string, number>
  readonly runs: RegExp
}

/**
 * The tables are those of the WHATWG Encoding Standard; in `macintosh` the byte 0xF0, with which most emoji begin, is
 * the Apple logo U+F8FF.
 */
const misreadings: readonly Misreading[] = [misreading('macintosh'), misreading('windows-1252')]
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** The byte order mark as Mac Roman and Windows-1252 show it: at the start of a text it means nothing. */
const misreadMark = /^(?:Ôªø|ï»¿)/

/**
 * Text whose UTF-8 bytes were once read as Mac Roman or Windows-1252 (`‚úÖ` or `âœ…` for a check mark), repaired run
 * by run: a run of characters beyond ASCII is replaced only when its bytes are valid UTF-8 for something that people
 * write. Any other text stays as it is.
 */
export function repairMojibake(text: string): string {
  return misreadings.reduce(
    (repaired, { bytes, runs }) => repaired.replace(runs, (run) => reread(run, bytes) ?? run),
    text.replace(misreadMark, ''),
  )
}

function misreading(encoding: 'macintosh' | 'windows-1252'): Misreading {
  const upper = Uint8Array.from({ length: 128 }, (_, index) => index + 128)
  const characters = Array.from(new TextDecoder(encoding).decode(upper))
  const bytes = new Map(characters.map((character, index) => [character, index + 128]))
  return { bytes, runs: new RegExp(`[${characters.join('')}]{2,}`, 'gu') }
}

function reread(run: string, bytes: ReadonlyMap<string, number>): string | null {
  try {
    const text = strict.decode(Uint8Array.from(run, (character) => bytes.get(character) ?? 0))
    return isPrintable(text) && isMeant(text) ? text : null
  } catch {
    return null
  }
}

/**
 * A curly quote before an umlaut or an accent before an ellipsis (`“Ü`, `é…»`) is by chance UTF-8 for one rare
 * character. One character alone therefore counts only when it is of a kind that such text is full of: Latin with
 * accents, punctuation, symbols, emoji.
 */
function isMeant(text: string): boolean {
  const characters = Array.from(text)
  return characters.length > 1 || /[\u00a0-\u00ff\u2000-\u2bff]|\ufe0f|\p{Extended_Pictographic}/u.test(text)
}
