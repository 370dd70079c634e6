import { findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Node, ParseError } from 'jsonc-parser'
import { UnreadableText } from './mention-at.ts'

/** JSON as editors keep it: with comments and trailing commas. Null for an empty text. Throws `UnreadableText`. */
export function readJson(text: string): Node | null {
  const errors: ParseError[] = []
  // A byte order mark is no JSON, and a space in its place moves nothing.
  const tree = parseTree(text.replace(/^\ufeff/, ' '), errors, { allowTrailingComma: true }) ?? null
  const [error] = errors
  if (error && tree) throw new UnreadableText(error.offset, wordsOf(printParseErrorCode(error.error)))
  return tree
}

export function at(node: Node | null | undefined, ...path: (string | number)[]): Node | undefined {
  return node ? findNodeAtLocation(node, path) : undefined
}

/** The properties of an object that are whole. */
export function propertiesOf(node: Node | null | undefined): { readonly name: string; readonly value: Node }[] {
  if (node?.type !== 'object') return []
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key && value ? [{ name: String(key.value), value }] : [],
  )
}

export function itemsOf(node: Node | null | undefined): readonly Node[] {
  return node?.type === 'array' ? (node.children ?? []) : []
}

export function stringOf(node: Node | undefined): string | null {
  return node?.type === 'string' ? String(node.value) : null
}

/** What stands between the quotes of a string, escapes as they are, or the digits of a number, and where it begins. */
export function sourceOf(node: Node | undefined, text: string): { text: string; start: number } | null {
  if (node?.type === 'number') return { text: text.slice(node.offset, node.offset + node.length), start: node.offset }
  if (node?.type !== 'string') return null
  return { text: text.slice(node.offset + 1, node.offset + node.length - 1), start: node.offset + 1 }
}

/** `InvalidSymbol` as words. */
function wordsOf(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase()
}
