import { readVariables } from './dotenv.ts'
import type { Variables } from './dotenv.ts'
import { applyExtends } from './extends.ts'
import { invalid } from './invalid.ts'
import type { Sources } from './load.ts'
import { merge } from './merge.ts'
import { folderOf, resolveIn } from './paths.ts'
import { rebase } from './rebase.ts'
import { child, isNull, kindOf, mapOf, sameTree, textOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

/** One model from several files: each with its `extends` and `include` done, laid over those before it. `trail` are the files that led here. */
export async function loadModel(
  files: readonly string[],
  folder: string,
  variables: Variables,
  sources: Sources,
  trail: readonly string[],
): Promise<MapTree | null> {
  let model: Tree | undefined
  const lookup = (name: string): string | undefined => variables.get(name)
  for (const file of files) {
    for (const document of await sources.documents(file, lookup)) {
      const extended = await applyExtends(document, file, folder, sources, lookup)
      const whole = await applyIncludes(extended, folder, variables, sources, [...trail, file])
      model = merge(model, whole)
    }
  }
  return model?.kind === 'map' ? model : null
}

/**
 * The document with what it includes. An included file is a project of its own: its folder is where its paths start and its `.env` lies, and what is set
 * outside counts more than that. Throws for missing files, circles, and two different things of one name.
 */
async function applyIncludes(
  document: MapTree,
  folder: string,
  variables: Variables,
  sources: Sources,
  trail: readonly string[],
): Promise<MapTree> {
  const list = child(document, 'include')
  if (isNull(list) || list === undefined) return document
  if (list.kind !== 'list') throw invalid(list.place, `include takes a list, not ${kindOf(list)}`)
  let model = document
  for (const entry of list.items) {
    const paths = texts(entry.kind === 'map' ? child(entry, 'path') : entry).map((path) => resolveIn(folder, path))
    const [main] = paths
    if (main === undefined) throw invalid(entry.place, 'include names no path')
    const circle = trail.indexOf(main)
    if (circle >= 0) {
      throw invalid(entry.place, `it includes itself: ${[...trail.slice(circle), main].join(', which includes ')}`)
    }
    for (const path of paths) {
      if ((await sources.optional(path)) === null) throw invalid(entry.place, `there is no file ${path} to include`)
    }
    const directory = textOf(child(entry, 'project_directory'))
    const home = directory ? resolveIn(folder, directory) : folderOf(main)
    const own = await variablesOf(entry, folder, home, variables, sources)
    const imported = await loadModel(paths, home, own, sources, trail)
    if (imported) model = importInto(model, imported, home, folder)
  }
  const entries = new Map(model.entries)
  entries.delete('include')
  return mapOf(entries, model)
}

async function variablesOf(
  entry: Tree,
  folder: string,
  home: string,
  outside: Variables,
  sources: Sources,
): Promise<Variables> {
  const named = texts(child(entry, 'env_file')).map((path) => resolveIn(folder, path))
  let variables = outside
  for (const path of named.length ? named : [resolveIn(home, '.env')]) {
    const text = await sources.optional(path)
    if (text === null && named.length) throw invalid(entry.place, `there is no file ${path} to take variables from`)
    variables = readVariables(text ?? '', path, outside, variables)
  }
  return variables
}

const imports = ['services', 'networks', 'volumes', 'secrets', 'configs']

function importInto(model: MapTree, imported: MapTree, from: string, to: string): MapTree {
  const entries = new Map(model.entries)
  for (const kind of imports) {
    const source = child(imported, kind)
    if (source?.kind !== 'map') continue
    const present = entries.get(kind)
    const merged = new Map(present?.kind === 'map' ? present.entries : [])
    for (const [name, value] of source.entries) {
      const brought = kind === 'services' && from !== to ? rebase(value, from, to) : value
      const other = merged.get(name)
      if (other && !sameTree(other, brought)) {
        throw invalid(other.place, `${kind}.${name} is also in ${value.place.file}, which is included, and differs`)
      }
      if (!other) merged.set(name, brought)
    }
    entries.set(kind, mapOf(merged, present ?? source))
  }
  return mapOf(entries, model)
}

/** A text, or the texts of a list. */
function texts(tree: Tree | undefined): string[] {
  if (tree?.kind === 'list') return tree.items.flatMap((item) => textOf(item) ?? [])
  const text = textOf(tree)
  return text === null ? [] : [text]
}
