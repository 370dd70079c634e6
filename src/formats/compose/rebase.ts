import { relativeTo, resolveIn } from './paths.ts'
import { child, listOf, mapOf, stringOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

/**
 * A service of a file in another folder, with its relative paths (build context, env files, bind mounts) as they read from `to`. Needed
 * only where a merged file is written: published ports hold no paths.
 */
export function rebase(service: Tree, from: string, to: string): Tree {
  if (service.kind !== 'map') return service
  const path = (text: string): string => (isRelative(text) ? relativeTo(to, resolveIn(from, text)) : text)
  const entries = new Map(service.entries)
  const change = (key: string, how: (tree: Tree) => Tree): void => {
    const value = entries.get(key)
    if (value) entries.set(key, how(value))
  }
  change('build', (build) => (build.kind === 'map' ? withEntry(build, 'context', path) : onText(build, path)))
  change('env_file', (files) =>
    onEach(files, (file) => (file.kind === 'map' ? withEntry(file, 'path', path) : onText(file, path))),
  )
  change('volumes', (volumes) => onEach(volumes, (volume) => rebaseVolume(volume, path)))
  return mapOf(entries, service)
}

function rebaseVolume(volume: Tree, path: (text: string) => string): Tree {
  if (volume.kind === 'map') {
    const type = child(volume, 'type')
    return type?.kind === 'scalar' && type.text === 'bind' ? withEntry(volume, 'source', path) : volume
  }
  // A source without a dot in front is the name of a volume.
  return onText(volume, (text) => {
    const colon = text.indexOf(':')
    return colon > 0 && text.startsWith('.') ? path(text.slice(0, colon)) + text.slice(colon) : text
  })
}

/** An absolute path, one of a home, and an address of a repository stay what they are. */
function isRelative(text: string): boolean {
  return text !== '' && !/^(\/|~|[a-z][a-z0-9+.-]*:|git@)/i.test(text)
}

function onText(tree: Tree, change: (text: string) => string): Tree {
  return tree.kind === 'scalar' && tree.type === 'string' ? stringOf(change(tree.text), tree) : tree
}

function onEach(tree: Tree, change: (tree: Tree) => Tree): Tree {
  return tree.kind === 'list' ? listOf(tree.items.map(change), tree) : change(tree)
}

function withEntry(map: MapTree, key: string, change: (text: string) => string): Tree {
  const value = map.entries.get(key)
  return value ? mapOf(new Map(map.entries).set(key, onText(value, change)), map) : map
}
