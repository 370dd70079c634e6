import { isPrintable } from '../../core/text.ts'
import { repairMojibake } from '../mojibake.ts'
import { encodeReference } from './character-reference.ts'
import { replaceEmoji } from './emoji.ts'

/** A backslash is a reference because renderers differ about one before a pipe. */
const marks = /[`*[\]<|~]|&(?=[#\w])|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\\/gu

/**
 * Text for a table's cell or a line, so that it is shown and read again exactly as it is. Marks of Markdown are
 * escaped; what reading would lose or change (line ends, spaces at the ends, what looks like mojibake) becomes a
 * character reference.
 */
export function escapeText(text: string): string {
  const escaped = text.replace(marks, (mark) => (mark === '\\' ? encodeReference(mark) : `\\${mark}`))
  const visible = isPrintable(escaped) ? escaped : replaceEach(escaped, /./gsu, (character) => !isPrintable(character))
  const kept = repairMojibake(visible) === visible ? visible : replaceEach(visible, /[\u0080-\u{10ffff}]/gu, () => true)
  return kept.replace(/^\s|\s$/g, encodeReference)
}

/** A heading's text: emoji that stand there literally are decoration, these are meant. */
export function escapeHeading(text: string): string {
  return replaceEmoji(escapeText(text), (found) => Array.from(found, encodeReference).join(''))
}

function replaceEach(text: string, characters: RegExp, isLost: (character: string) => boolean): string {
  return text.replace(characters, (character) => (isLost(character) ? encodeReference(character) : character))
}
