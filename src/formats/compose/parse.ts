import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import type { Node, Pair } from 'yaml'
import type { Place } from '../../core/compose.ts'
import { invalid } from './invalid.ts'
import { typeOfPlain } from './scalar.ts'
import { kindOf } from './tree.ts'
import type { MapTree, ScalarTree, Tag, Tree } from './tree.ts'

/** More values than this, and ten times more than were written, is no compose file but an attack by aliases of aliases. */
const mostExpanded = 1_000_000

/**
 * The documents of a compose file. Anchors, aliases and merge keys (`<<`) are resolved; a tag that is not known is passed over and its value kept.
 * Throws a problem with line and column for broken YAML, doubled keys, and aliases that explode.
 */
export function parseCompose(text: string, file: string): Tree[] {
  const lines = new LineCounter()
  // Types are told by us, as Compose's own parser does; and doubled keys are found by us, because the package compares each with each.
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
  })
  const trees: Tree[] = []
  for (const document of documents) {
    const [error] = document.errors
    if (error) throw invalid(placeAt(lines, file, error.pos[0]), error.message)
    // The failsafe schema has no place for the node's own nothing: an empty document has no contents.
    if (document.contents) trees.push(new Composer(lines, file).compose(document.contents))
  }
  return trees
}

function placeAt(lines: LineCounter, file: string, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
}

class Composer {
  readonly #lines: LineCounter
  readonly #file: string
  readonly #anchors = new Map<string, Tree>()
  /** How many values a tree stands for when every alias is written out. */
  readonly #sizes = new Map<Tree, number>()
  #written = 0

  constructor(lines: LineCounter, file: string) {
    this.#lines = lines
    this.#file = file
  }

  compose(node: Node): Tree {
    if (isAlias(node)) {
      const tree = this.#anchors.get(node.source)
      if (!tree) throw invalid(this.#place(node), `there is no anchor &${node.source} above`)
      return tree
    }
    this.#written++
    const tree = this.#tree(node)
    const size = this.#sizeOf(tree)
    if (size > mostExpanded && size > 10 * this.#written)
      throw invalid(tree.place, `its aliases stand for ${size} values`)
    const anchor = (node as { anchor?: string }).anchor
    if (anchor !== undefined) this.#anchors.set(anchor, tree)
    return tree
  }

  #tree(node: Node): Tree {
    const place = this.#place(node)
    const tag = tagOf(node)
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], place, tag)
    if (isSeq(node)) {
      const items = (node.items as Node[]).map((item) => this.compose(item))
      return { kind: 'list', items, place, tag }
    }
    if (!isScalar(node)) throw invalid(place, 'it is no YAML that Compose knows')
    return scalarOf(node, place, tag)
  }

  #map(pairs: readonly Pair<Node, Node | null>[], place: Place, tag: Tag): MapTree {
    const entries = new Map<string, Tree>()
    const merged: Tree[] = []
    for (const { key, value } of pairs) {
      const name = this.compose(key)
      if (name.kind !== 'scalar') throw invalid(name.place, `${kindOf(name)} cannot be a key`)
      const tree: Tree = value
        ? this.compose(value)
        : { kind: 'scalar', type: 'null', text: '', plain: true, place: name.place, tag: null }
      if (name.plain && name.text === '<<') merged.push(tree)
      else if (entries.has(name.text)) throw invalid(name.place, `the key ${name.text} is there twice`)
      else entries.set(name.text, tree)
    }
    for (const source of merged) this.#merge(entries, source)
    return { kind: 'map', entries, place, tag }
  }

  /** A key of its own wins over a merged one, and an earlier mapping of the list over a later one (yaml.org/type/merge.html). */
  #merge(entries: Map<string, Tree>, source: Tree): void {
    const maps = source.kind === 'list' ? source.items : [source]
    for (const map of maps) {
      if (map.kind !== 'map') throw invalid(map.place, `<< takes a mapping or a list of them, not ${kindOf(map)}`)
      for (const [key, value] of map.entries) if (!entries.has(key)) entries.set(key, value)
    }
  }

  #sizeOf(tree: Tree): number {
    if (tree.kind === 'scalar') return 1
    const known = this.#sizes.get(tree)
    if (known !== undefined) return known
    const children: Iterable<Tree> = tree.kind === 'list' ? tree.items : tree.entries.values()
    let size = 1
    for (const one of children) size += this.#sizes.get(one) ?? 1
    this.#sizes.set(tree, size)
    return size
  }

  #place(node: Node): Place {
    return placeAt(this.#lines, this.#file, node.range?.[0] ?? 0)
  }
}

function tagOf(node: Node): Tag {
  const tag = (node as { tag?: string }).tag
  return tag === '!override' ? 'override' : tag === '!reset' ? 'reset' : null
}

function scalarOf(
  node: Node & { type?: string; value?: unknown; source?: string },
  place: Place,
  tag: Tag,
): ScalarTree {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  const plain = node.type === 'PLAIN' || node.type === undefined
  const asked = (node as { tag?: string }).tag
  const typed = !plain || asked === 'tag:yaml.org,2002:str' ? { type: 'string' as const, text } : typeOfPlain(text)
  return { kind: 'scalar', ...typed, plain, place, tag }
}
