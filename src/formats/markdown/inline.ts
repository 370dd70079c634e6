import { decodeReference } from './character-reference.ts'
import { Emphasis } from './emphasis.ts'

/** What can begin or end something that is not shown as it stands. */
const special = /[\\`*_~[\]<&]/g
const escape = /\\([!-/:-@[-`{-~])/y
const reference = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});/y
const autolink = /<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>/y
const tag = /<\/?[A-Za-z][^<>]*>/y
const footnote = /\[\^[^\]\s]{1,50}\]/y
/** The target of a link behind its closing bracket: `(address "title")` or `[label]`. */
const target = /\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)|\[[^\][]{0,999}\]/y

/**
 * The words that a line of Markdown shows: without emphasis, code marks, link targets and tags, with escapes and
 * character references resolved. `<br>` is a space. Takes time linear in the length of the text.
 */
export function plainText(markdown: string): string {
  if (markdown.search(special) < 0) return markdown
  return new Inline(markdown).read()
}

class Inline {
  readonly #source: string
  readonly #pieces: string[] = []
  readonly #emphasis = new Emphasis(this.#pieces)
  /** Where the opening brackets stand among the pieces. */
  readonly #brackets: number[] = []
  readonly #codeEnds: Map<number, number[]>
  #at = 0

  constructor(source: string) {
    this.#source = source
    this.#codeEnds = runsByLength(source)
  }

  read(): string {
    while (this.#at < this.#source.length) {
      special.lastIndex = this.#at
      const next = special.exec(this.#source)?.index ?? this.#source.length
      this.#pieces.push(this.#source.slice(this.#at, next))
      this.#at = next
      if (next < this.#source.length) this.#special(this.#source.charAt(next))
    }
    return this.#pieces.join('')
  }

  #special(character: string): void {
    switch (character) {
      case '\\': {
        const escaped = this.#take(escape)
        return escaped ? this.#put(escaped[1] ?? '') : this.#literal(1)
      }
      case '&': {
        const found = this.#take(reference)
        return found ? this.#put(decodeReference(found[0])) : this.#literal(1)
      }
      case '`':
        return this.#code()
      case '<':
        return this.#angle()
      case '[':
        return this.#open()
      case ']':
        return this.#close()
      default: {
        const length = this.#emphasis.run(this.#source, this.#at)
        this.#at += length
      }
    }
  }

  #code(): void {
    const start = this.#at
    const length = lengthOfRun(this.#source, start)
    const ends = this.#codeEnds.get(length) ?? []
    while (ends.length > 0 && (ends.at(-1) ?? 0) < start + length) ends.pop()
    const end = ends.pop()
    if (end === undefined) return this.#literal(length)
    const content = this.#source.slice(start + length, end)
    const padded = content.startsWith(' ') && content.endsWith(' ') && content.trim() !== ''
    this.#put(padded ? content.slice(1, -1) : content)
    this.#at = end + length
  }

  #angle(): void {
    const link = this.#take(autolink)
    if (link) return this.#put(link[1] ?? '')
    const found = this.#take(tag)
    if (!found) return this.#literal(1)
    if (/^<br\b/i.test(found[0])) this.#put(' ')
  }

  #open(): void {
    if (this.#take(footnote)) return
    this.#brackets.push(this.#pieces.length)
    this.#literal(1)
  }

  /** A bracket that closes a link or an image takes its opening bracket and the target away. */
  #close(): void {
    const opening = this.#brackets.pop()
    this.#at++
    if (opening === undefined || !this.#take(target)) return this.#put(']')
    this.#pieces[opening] = ''
    const before = this.#pieces[opening - 1]
    if (before?.endsWith('!')) this.#pieces[opening - 1] = before.slice(0, -1)
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#source)
    if (match) this.#at += match[0].length
    return match
  }

  #literal(length: number): void {
    this.#put(this.#source.slice(this.#at, this.#at + length))
    this.#at += length
  }

  #put(text: string): void {
    this.#pieces.push(text)
  }
}

/**
 * Where the runs of back-ticks stand by their length, the last one first: each is looked at once, however many there
 * are.
 */
function runsByLength(source: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: run, index } of source.matchAll(/`+/g)) {
    const places = runs.get(run.length)
    if (places) places.push(index)
    else runs.set(run.length, [index])
  }
  for (const places of runs.values()) places.reverse()
  return runs
}

function lengthOfRun(source: string, start: number): number {
  let end = start
  while (source[end] === '`') end++
  return end - start
}
