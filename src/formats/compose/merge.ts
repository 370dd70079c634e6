import { invalid } from './invalid.ts'
import { asMapping, keyedLists, mountedLists, replaced } from './merge-forms.ts'
import { isNull, kindOf, listOf, mapOf } from './tree.ts'
import type { ListTree, MapTree, Tree } from './tree.ts'

/**
 * What two files, or a service and the one that it extends, say together: mappings key by key, lists one behind the other, anything else by the later
 * one. `!override` takes the later value alone, `!reset` takes the earlier one away. `path` is where they stand (`services.*.ports`), since
 * some attributes have rules of their own (the Compose specification, "Merge"). The result keeps its tags: they count against files before it.
 */
export function merge(base: Tree | undefined, over: Tree, path: readonly string[] = []): Tree | undefined {
  if (over.tag === 'reset') return undefined
  if (base === undefined || over.tag === 'override') return withoutResets(over)
  if (isNull(over)) return base
  const pattern = path.join('.')
  if (replaced.has(pattern)) return over
  if (keyedLists.has(pattern)) {
    return merge(asMapping(base), asMapping(over), [...path, 'keyed'])
  }
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path)
  if (base.kind === 'list' && over.kind === 'list') return mergeLists(base, over, pattern)
  if (base.kind === over.kind || isNull(base)) return over
  if (path[0] === 'services' && path.length > 2 && pattern !== 'services.*.ports') return over
  throw invalid(over.place, `${path.at(-1) ?? 'the file'} is ${kindOf(over)} here and ${kindOf(base)} before`)
}

function mergeMaps(base: MapTree, over: MapTree, path: readonly string[]): MapTree {
  const entries = new Map(base.entries)
  for (const [key, value] of over.entries) {
    // Every service and every network has the same rules: only their place counts, not the name.
    const merged = key.startsWith('x-')
      ? value
      : merge(entries.get(key), value, [...path, path.length === 1 ? '*' : key])
    if (merged) entries.set(key, merged)
    else entries.delete(key)
  }
  return mapOf(entries, { place: base.place, tag: base.tag ?? over.tag })
}

function mergeLists(base: ListTree, over: ListTree, pattern: string): ListTree {
  const added = over.items.filter(({ tag }) => tag !== 'reset')
  const target = mountedLists.get(pattern)
  if (!target) return listOf([...base.items, ...added], base)
  const items = [...base.items]
  for (const item of added) {
    const same = items.findIndex((present) => target(present) !== null && target(present) === target(item))
    if (same < 0) items.push(item)
    else items[same] = item
  }
  return listOf(items, base)
}

/** What stays of a value that has nothing to merge with. */
function withoutResets(tree: Tree): Tree {
  if (tree.kind === 'scalar') return tree
  if (tree.kind === 'list') {
    return tree.items.some(({ tag }) => tag === 'reset')
      ? listOf(
          tree.items.filter(({ tag }) => tag !== 'reset'),
          tree,
        )
      : tree
  }
  let changed = false
  const entries = new Map<string, Tree>()
  for (const [key, value] of tree.entries) {
    const kept = value.tag === 'reset' ? null : withoutResets(value)
    changed ||= kept !== value
    if (kept) entries.set(key, kept)
  }
  return changed ? mapOf(entries, tree) : tree
}

/** The tree without its tags, for a service that is only extended: what it overrides is its own affair. */
export function withoutTags(tree: Tree): Tree {
  const bare = tree.tag === null ? tree : { ...tree, tag: null }
  if (bare.kind === 'scalar') return bare
  if (bare.kind === 'list') return { ...bare, items: bare.items.map(withoutTags) }
  return { ...bare, entries: new Map([...bare.entries].map(([key, value]) => [key, withoutTags(value)])) }
}
