import type { Place } from '../../core/compose.ts'

/** `!override` replaces what earlier files say, `!reset` takes it away (Compose 2.24.4 and later). */
export type Tag = 'override' | 'reset' | null

interface Node {
  readonly place: Place
  readonly tag: Tag
}

export interface ScalarTree extends Node {
  readonly kind: 'scalar'
  readonly type: 'string' | 'integer' | 'float' | 'boolean' | 'null'
  /** The content; of an integer its decimal digits. */
  readonly text: string
  /** Written without quotes. */
  readonly plain: boolean
}

export interface ListTree extends Node {
  readonly kind: 'list'
  readonly items: readonly Tree[]
}

export interface MapTree extends Node {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Tree>
}

/** A YAML document as Compose sees it: values with their places. A value: aliases of one anchor share it, so nobody changes one. */
export type Tree = ScalarTree | ListTree | MapTree

export function mapOf(entries: Iterable<readonly [string, Tree]>, like: Node): MapTree {
  return { kind: 'map', entries: new Map(entries), place: like.place, tag: like.tag }
}

export function listOf(items: readonly Tree[], like: Node): ListTree {
  return { kind: 'list', items, place: like.place, tag: like.tag }
}

export function stringOf(text: string, like: Node): ScalarTree {
  return { kind: 'scalar', type: 'string', text, plain: false, place: like.place, tag: like.tag }
}

export function isNull(tree: Tree | undefined): boolean {
  return tree === undefined || (tree.kind === 'scalar' && tree.type === 'null')
}

/** The child of a mapping; undefined for anything else. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key) : undefined
}

/** The content of a scalar that is not null. */
export function textOf(tree: Tree | undefined): string | null {
  return tree?.kind === 'scalar' && tree.type !== 'null' ? tree.text : null
}

/** What a person would call it. */
export function kindOf(tree: Tree): string {
  if (tree.kind === 'map') return 'a mapping'
  if (tree.kind === 'list') return 'a list'
  return tree.type === 'null' ? 'empty' : `${tree.type === 'integer' ? 'an' : 'a'} ${tree.type}`
}

/** The same tree with other scalars. What an anchor shares is made once and stays shared. */
export function mapScalars(tree: Tree, change: (scalar: ScalarTree) => Tree): Tree {
  const made = new Map<Tree, Tree>()
  const visit = (node: Tree): Tree => {
    const known = made.get(node)
    if (known) return known
    let result: Tree = node
    if (node.kind === 'scalar') result = change(node)
    else if (node.kind === 'list') {
      const items = node.items.map(visit)
      if (items.some((item, index) => item !== node.items[index])) result = listOf(items, node)
    } else {
      const entries = [...node.entries].map(([key, value]) => [key, visit(value)] as const)
      if (entries.some(([key, value]) => value !== node.entries.get(key))) result = mapOf(entries, node)
    }
    made.set(node, result)
    return result
  }
  return visit(tree)
}

/** Whether both say the same, wherever it stands. */
export function sameTree(a: Tree, b: Tree): boolean {
  if (a === b) return true
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.type === b.type && a.text === b.text
  if (a.kind === 'list') {
    if (b.kind !== 'list' || a.items.length !== b.items.length) return false
    return a.items.every((item, index) => sameTree(item, b.items[index] ?? item))
  }
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false
  return [...a.entries].every(([key, value]) => {
    const other = b.entries.get(key)
    return other !== undefined && sameTree(value, other)
  })
}
