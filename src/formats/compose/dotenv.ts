import { invalid } from './invalid.ts'
import { TemplateError, fillIn } from './template.ts'

/** The variables that a project is read with. */
export type Variables = ReadonlyMap<string, string>

/**
 * The variables of a `.env` file added to those that are known. Reads it as Compose 2 does: `KEY=value` or `KEY: value`, `export` before it, comments
 * behind a space and `#`, values in single quotes as they are and in double quotes with escapes and variables, over several lines too. A name alone
 * takes its value from `outside`, which also wins wherever it has a variable; of two files, or two lines, the later one counts.
 * Throws with line and column. Source: compose-go's dotenv and the behaviour of Compose 2.26.
 */
export function readVariables(text: string, file: string, outside: Variables, known: Variables = outside): Variables {
  const own = new DotenvReader(text, file, outside, known).read()
  return new Map([...known, ...own, ...outside])
}

const space = /[\t\v\f\r \u0085\u00a0]/

class DotenvReader {
  readonly #text: string
  readonly #file: string
  readonly #outside: Variables
  readonly #known: Variables
  readonly #values = new Map<string, string>()
  #at = 0

  constructor(text: string, file: string, outside: Variables, known: Variables) {
    this.#text = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
    this.#file = file
    this.#outside = outside
    this.#known = known
  }

  read(): Map<string, string> {
    for (this.#toStatement(); this.#at < this.#text.length; this.#toStatement()) this.#statement()
    return this.#values
  }

  #toStatement(): void {
    for (;;) {
      while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at] ?? '')) this.#at++
      if (this.#text[this.#at] !== '#') return
      this.#at = this.#lineEnd()
    }
  }

  #statement(): void {
    const start = this.#at
    const [prefix = ''] = /^export[\t\v\f\r ]+/.exec(this.#text.slice(start, start + 40)) ?? []
    this.#at += prefix.length
    const nameStart = this.#at
    const end = this.#nameEnd()
    const name = this.#text.slice(nameStart, end).trim()
    if (/\s/.test(name)) throw this.#refuse(start, `'${name}' is no name: it holds a space`)
    if (name === '') throw this.#refuse(start, 'there is no name before the value')
    if (end === this.#text.length) throw this.#refuse(start, `${name} has no value`)
    this.#at = end + 1
    const outside = this.#outside.get(name)
    if (this.#text[end] === '\n') {
      if (outside !== undefined) this.#values.set(name, outside)
      return
    }
    while (space.test(this.#text[this.#at] ?? '')) this.#at++
    const value = this.#value()
    this.#values.set(name, outside ?? value)
  }

  /** Where the name ends: at `=`, `:`, the line's end, or the text's. */
  #nameEnd(): number {
    for (let at = this.#at; at < this.#text.length; at++) {
      const character = this.#text[at] ?? ''
      if (character === '=' || character === ':' || character === '\n') return at
      if (!space.test(character) && !/[\p{L}\p{N}_.[\]-]/u.test(character)) {
        throw this.#refuse(at, `${character} cannot stand in a name`)
      }
    }
    return this.#text.length
  }

  #value(): string {
    const start = this.#at
    const quote = this.#text[start]
    if (quote !== '"' && quote !== "'") {
      this.#at = this.#lineEnd()
      const [bare = ''] = this.#text.slice(start, this.#at).split(' #')
      return this.#fill(bare.trimEnd(), start)
    }
    for (let at = start + 1; at < this.#text.length; at++) {
      if (this.#text[at] === '\\') {
        at++
      } else if (this.#text[at] === quote) {
        this.#at = at + 1
        const inside = this.#text.slice(start + 1, at)
        return quote === "'" ? inside.replaceAll("\\'", "'") : this.#fill(unescape(inside), start)
      }
    }
    throw this.#refuse(start, `the ${quote} is not closed`)
  }

  #fill(value: string, at: number): string {
    try {
      return fillIn(value, (name) => this.#outside.get(name) ?? this.#values.get(name) ?? this.#known.get(name))
    } catch (error) {
      if (error instanceof TemplateError) throw this.#refuse(at, error.message)
      throw error
    }
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at)
    return end < 0 ? this.#text.length : end
  }

  #refuse(at: number, why: string): Error {
    const before = this.#text.slice(0, at)
    const line = before.split('\n').length
    return invalid({ file: this.#file, line, column: at - before.lastIndexOf('\n') }, why)
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  // Both are one dollar in the end: the template has two for it.
  $: '$$',
}

/** The escapes of a double-quoted value. */
function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (all, character: string) => {
    return escapes[character] ?? (character === '"' || character === '\\' ? character : all)
  })
}
