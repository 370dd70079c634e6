import { replaceEmoji } from './emoji.ts'
import { plainText } from './inline.ts'

/**
 * Stands for an emoji while emphasis is paired, so that `**🚀 Web**` stays bold. Half a surrogate pair: no decoded text
 * holds one.
 */
const gap = '\ud800'
const gaps = /\ud800/gu

/** The words of a heading, without its closing marks and without emoji that stand there literally. */
export function headingText(markdown: string): string {
  let end = markdown.length
  while (markdown[end - 1] === '#') end--
  const open = end === 0 || /\s/.test(markdown.charAt(end - 1)) ? markdown.slice(0, end) : markdown
  const words = plainText(replaceEmoji(open, () => gap))
  return words.replace(gaps, ' ').replace(/\s+/g, ' ').trim()
}
