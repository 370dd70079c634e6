import { mapOf, stringOf, textOf, child } from './tree.ts'
import type { Tree } from './tree.ts'

/** Attributes whose later value stands alone. */
export const replaced: ReadonlySet<string> = new Set([
  'services.*.command',
  'services.*.entrypoint',
  'services.*.healthcheck.test',
  'services.*.extends',
])

/** Attributes that are a mapping, or a list of `key=value` or of keys, and are merged key by key. */
export const keyedLists: ReadonlySet<string> = new Set([
  'services.*.environment',
  'services.*.labels',
  'services.*.annotations',
  'services.*.sysctls',
  'services.*.depends_on',
  'services.*.networks',
  'services.*.build.args',
  'services.*.build.labels',
  'services.*.deploy.labels',
])

/** Lists in which an entry takes the place of an earlier one with the same target. */
export const mountedLists: ReadonlyMap<string, (item: Tree) => string | null> = new Map([
  ['services.*.volumes', mountTarget],
  ['services.*.secrets', mountTarget],
  ['services.*.configs', mountTarget],
])

/** A list of `key=value` as the mapping that it stands for; any other tree as it is. */
export function asMapping(tree: Tree): Tree {
  if (tree.kind !== 'list') return tree
  const entries = tree.items.map((item): [string, Tree] => {
    const text = textOf(item) ?? ''
    const equals = text.indexOf('=')
    if (equals >= 0) return [text.slice(0, equals), stringOf(text.slice(equals + 1), item)]
    return [text, { kind: 'scalar', type: 'null', text: '', plain: true, place: item.place, tag: item.tag }]
  })
  return mapOf(entries, tree)
}

function mountTarget(item: Tree): string | null {
  if (item.kind === 'map') return textOf(child(item, 'target')) ?? textOf(child(item, 'source'))
  const text = textOf(item) ?? ''
  const [first = '', second] = text.split(':')
  return second ?? first
}
