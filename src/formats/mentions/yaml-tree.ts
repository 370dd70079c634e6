import { isMap, isScalar, parseAllDocuments } from 'yaml'
import type { Node, YAMLMap } from 'yaml'
import { UnreadableText } from './mention-at.ts'

/** The mappings at the top of each document. Aliases are not followed: what an anchor names is looked at where it stands. Throws `UnreadableText`. */
export function readYaml(text: string): YAMLMap<Node, Node | null>[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  })
  return [...documents].flatMap((document) => {
    const [error] = document.errors
    if (error) throw new UnreadableText(error.pos[0], error.message)
    return isMap(document.contents) ? [document.contents] : []
  })
}

/** The value of a key; undefined for what is no mapping. */
export function valueAt(node: Node | null | undefined, key: string): Node | undefined {
  const pair = entriesOf(node).find(([name]) => name === key)
  return pair?.[1] ?? undefined
}

export function entriesOf(node: Node | null | undefined): [string, Node | null][] {
  if (!isMap(node)) return []
  return (node as YAMLMap<Node, Node | null>).items.flatMap(({ key, value }): [string, Node | null][] =>
    isScalar(key) ? [[String(key.value), value]] : [],
  )
}

export function stringAt(node: Node | null | undefined, key: string): string | null {
  const value = valueAt(node, key)
  return isScalar(value) ? String(value.value) : null
}

/** What is written on one line between the scalar's quotes, and where it begins; null for a block of lines. */
export function sourceOf(node: Node | null | undefined, text: string): { text: string; start: number } | null {
  if (!isScalar(node) || !node.range) return null
  const { type } = node
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL') return null
  const [from, to] = node.range
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
  return quoted ? { text: text.slice(from + 1, to - 1), start: from + 1 } : { text: text.slice(from, to), start: from }
}
