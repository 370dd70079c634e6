import { parse } from '@babel/parser'
import type { Mention, MentionName } from '../../core/mention.ts'
import { readCommandMentions } from './command.ts'
import { endpointsIn } from './endpoints.ts'
import { holdsPort, mentionAt, UnreadableText } from './mention-at.ts'

/** A node of the syntax tree, as far as it is looked at. */
interface Syntax {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** What stands above a node: the names of the properties that lead to it, the nearest last, and what the objects around it call themselves. */
interface Around {
  readonly keys: readonly string[]
  readonly label: string | null
}

/** Whose `port` is the one that the project's own server listens on: Vite and Astro, webpack, Nuxt. */
const servers = new Set(['server', 'devServer'])

/**
 * The ports of a tool's configuration in JavaScript or TypeScript: `server: { port: 3000 }`, `process.env.PORT || 3000`, `env: { PORT: 3000 }`, commands,
 * and URLs of this machine. Other numbers are not understood and left. Throws `UnreadableText`.
 */
export function readJavascriptMentions(text: string): Mention[] {
  const found = new Map<number, Mention>()
  visit(parseText(text), { keys: [], label: null })
  return [...found.values()].toSorted((a, b) => a.start - b.start)

  function keep(mentions: readonly Mention[]): void {
    for (const mention of mentions) if (!found.has(mention.start)) found.set(mention.start, mention)
  }

  function visit(node: Syntax, around: Around): void {
    if (node.type === 'ObjectProperty') return property(node, around)
    if (node.type === 'LogicalExpression' && (node.operator === '||' || node.operator === '??')) fallback(node, around)
    const inside = node.type === 'ObjectExpression' ? { ...around, label: labelOf(node) ?? around.label } : around
    if (node.type === 'StringLiteral' || node.type === 'TemplateElement') strings(node, around)
    for (const child of childrenOf(node)) visit(child, inside)
  }

  function property(node: Syntax, around: Around): void {
    const key = keyOf(node)
    const value = node.value as Syntax
    const parent = around.keys.at(-1) ?? ''
    if (key !== null && isDigits(value)) {
      const named: MentionName[] = around.label === null ? [] : [{ by: 'label', text: around.label }]
      if (key === 'port' && servers.has(parent)) keep(digitsOf(value, named))
      else if (key === key.toUpperCase() && holdsPort(key))
        keep(digitsOf(value, [{ by: 'variable', text: key }, ...named]))
    }
    if (key === 'command' && value.type === 'StringLiteral')
      keep(readCommandMentions(text.slice(value.start + 1, value.end - 1), value.start + 1, []))
    visit(value, { ...around, keys: key === null ? around.keys : [...around.keys, key] })
  }

  /** `process.env.PORT ?? 3000`, with whatever turns text into a number around either side. */
  function fallback(node: Syntax, around: Around): void {
    const left = text.slice((node.left as Syntax).start, (node.left as Syntax).end)
    const variable = /\benv(?:\.|\[['"])(?<variable>[A-Za-z_]\w*)/.exec(left)?.groups?.['variable']
    const right = node.right as Syntax
    if (variable === undefined || !isDigits(right) || !holdsPort(variable)) return
    const named: MentionName[] = around.label === null ? [] : [{ by: 'label', text: around.label }]
    keep(digitsOf(right, [{ by: 'variable', text: variable }, ...named]))
  }

  /** A URL below a path (`'/api': 'http://localhost:4000'`) is what the path is passed on to. */
  function strings(node: Syntax, { keys }: Around): void {
    const path = keys.findLast((key) => /^[\^]?\/[\w-]+/.test(key))
    const word = path === undefined ? undefined : /[\w-]+/.exec(path)?.[0]
    const names: MentionName[] = word === undefined ? [] : [{ by: 'upstream', text: word }]
    keep(endpointsIn(text.slice(node.start, node.end), node.start, names))
  }

  function digitsOf(node: Syntax, names: readonly MentionName[]): Mention[] {
    const quoted = node.type === 'StringLiteral' ? 1 : 0
    return mentionAt(node.start + quoted, text.slice(node.start + quoted, node.end - quoted), { names })
  }

  function isDigits(node: Syntax): boolean {
    if (node.type !== 'NumericLiteral' && node.type !== 'StringLiteral') return false
    return /^(["']?)\d+\1$/.test(text.slice(node.start, node.end))
  }
}

function parseText(text: string): Syntax {
  try {
    const plugins = ['typescript', 'jsx'] as const
    return parse(text, { sourceType: 'unambiguous', plugins: [...plugins], errorRecovery: false })
      .program as unknown as Syntax
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
    throw new UnreadableText(offset, error.message.replace(/\s*\(\d+:\d+\)/, ''))
  }
}

function childrenOf(node: Syntax): Syntax[] {
  return Object.entries(node).flatMap(([key, value]): Syntax[] => {
    if (key === 'loc' || key.endsWith('Comments') || key === 'extra') return []
    return (Array.isArray(value) ? value : [value]).filter(isSyntax)
  })
}

function isSyntax(value: unknown): value is Syntax {
  return (
    typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string'
  )
}

function keyOf({ computed, key }: Syntax): string | null {
  if (computed === true || !isSyntax(key)) return null
  if (key.type === 'Identifier') return String(key.name)
  return key.type === 'StringLiteral' ? String(key.value) : null
}

/** What an object says that it is called: `{ name: 'api', env: { PORT: 3000 } }`. */
function labelOf(node: Syntax): string | null {
  for (const property of node.properties as Syntax[]) {
    const value = property.value
    if (keyOf(property) === 'name' && isSyntax(value) && value.type === 'StringLiteral') return String(value.value)
  }
  return null
}
