import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Node } from 'yaml'
import { Problem } from '../../core/problem.ts'
import { nearest } from '../../core/text.ts'

/** The values of one YAML file, each with its place, so that what is wrong is told with line and column. */
export class YamlReader {
  readonly #path: string
  readonly #lines = new LineCounter()
  readonly root: Node | null

  /** Throws `recipe-invalid` for text that is no YAML. */
  constructor(text: string, path: string) {
    this.#path = path
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'silent' })
    this.root = document.contents
    const [error] = document.errors
    if (error) throw this.#at(error.pos[0], error.message)
  }

  /** The entries of a map, in their order. Where `known` is given, any other key is refused with the nearest of them. */
  entries(
    node: Node | null,
    what: string,
    known?: readonly string[],
  ): [key: string, value: Node | null, place: Node][] {
    if (node === null || (isScalar(node) && node.value === null)) return []
    if (!isMap(node)) throw this.refuse(node, `${what} should be a map of names and values`)
    return node.items.map(({ key, value }) => {
      const name = this.text(key as Node, `a name in ${what}`)
      if (known && !known.includes(name)) {
        const meant = nearest(name, known)
        throw this.refuse(
          key as Node,
          `${what} has no '${name}'${meant ? `, '${meant}' may be meant` : `: it takes ${known.join(', ')}`}`,
        )
      }
      return [name, value as Node | null, key as Node]
    })
  }

  /** A number counts as the text that was written. */
  text(node: Node | null, what: string): string {
    if (isScalar(node) && typeof node.value === 'string') return node.value
    if (isScalar(node) && node.value !== null && node.source !== undefined) return node.source
    throw this.refuse(node, `${what} should be one value`)
  }

  /** A list, or one value alone. */
  texts(node: Node | null, what: string): string[] {
    if (isSeq(node)) return node.items.map((item) => this.text(item as Node, what))
    return isScalar(node) && node.value === null ? [] : [this.text(node, what)]
  }

  /** The text as `read` understands it; what it answers null to is refused. */
  value<Value>(node: Node | null, what: string, wanted: string, read: (text: string) => Value | null): Value {
    const text = this.text(node, what)
    const value = read(text)
    if (value === null) throw this.refuse(node, `'${text}' is no ${what}: write ${wanted}`)
    return value
  }

  /** The line that it begins in, 1-based. */
  line(node: Node): number {
    return Math.max(1, this.#lines.linePos(node.range?.[0] ?? 0).line)
  }

  refuse(node: Node | null, why: string): Problem {
    return this.#at(node?.range?.[0] ?? 0, why)
  }

  #at(offset: number, why: string): Problem {
    const { line, col } = this.#lines.linePos(offset)
    return new Problem('recipe-invalid', { path: this.#path, line: Math.max(1, line), column: Math.max(1, col), why })
  }
}
