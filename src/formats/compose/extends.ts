import type { Place } from '../../core/compose.ts'
import { invalid } from './invalid.ts'
import { mergeDocuments } from './load.ts'
import type { Sources } from './load.ts'
import { merge, withoutTags } from './merge.ts'
import { folderOf, resolveIn } from './paths.ts'
import { rebase } from './rebase.ts'
import type { Lookup } from './template.ts'
import { child, kindOf, mapOf, textOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

/** Where services are looked up: the file that they stand in, and the folder from which it names other files. */
interface Scope {
  readonly services: MapTree
  readonly file: string
  readonly folder: string
}

/**
 * The document with every `extends` followed, in the same file and in others. Each file is read with the same variables and without its `include`;
 * files before and after it do not count, as in Compose. Throws for a service or file that is not there and for circles, which are shown.
 */
export async function applyExtends(
  document: MapTree,
  file: string,
  folder: string,
  sources: Sources,
  lookup: Lookup,
): Promise<MapTree> {
  const services = child(document, 'services')
  if (services?.kind !== 'map') return document
  const follower = new Follower(sources, lookup)
  const entries = new Map<string, Tree>()
  for (const name of services.entries.keys()) {
    entries.set(name, await follower.follow(name, { services, file, folder }, []))
  }
  return mapOf(new Map(document.entries).set('services', mapOf(entries, services)), document)
}

class Follower {
  readonly #sources: Sources
  readonly #lookup: Lookup
  readonly #followed = new Map<MapTree, Map<string, Tree>>()

  constructor(sources: Sources, lookup: Lookup) {
    this.#sources = sources
    this.#lookup = lookup
  }

  async follow(name: string, scope: Scope, trail: readonly string[]): Promise<Tree> {
    const service = scope.services.entries.get(name)
    if (service === undefined) throw new Error(`${name} was looked up before`)
    const known = this.#followed.get(scope.services)?.get(name)
    if (known) return known
    const extension = child(service, 'extends')
    if (service.kind !== 'map' || extension === undefined) return service
    const here = `${name} in ${scope.file}`
    if (trail.includes(here)) {
      throw invalid(service.place, `it extends in a circle: ${[...trail, here].join(', which extends ')}`)
    }
    const { of, file } = target(name, extension)
    const from = file === null ? scope : await this.#open(file, scope, extension.place)
    if (!from.services.entries.has(of)) {
      throw invalid(extension.place, `service ${name} extends ${of}, which ${from.file} does not have`)
    }
    const followed = await this.follow(of, from, [...trail, here])
    const base = from.folder === scope.folder ? followed : rebase(followed, from.folder, scope.folder)
    const merged = merge(withoutTags(base), service, ['services', '*'])
    const result = merged?.kind === 'map' ? withoutExtends(merged) : service
    const cache = this.#followed.get(scope.services) ?? new Map<string, Tree>()
    this.#followed.set(scope.services, cache.set(name, result))
    return result
  }

  async #open(file: string, scope: Scope, place: Place): Promise<Scope> {
    const path = resolveIn(scope.folder, file)
    if ((await this.#sources.optional(path)) === null) throw invalid(place, `there is no file ${path} to extend from`)
    const document = mergeDocuments(await this.#sources.documents(path, this.#lookup))
    const services = document ? child(document, 'services') : undefined
    if (services?.kind !== 'map') throw invalid(place, `${path} has no services to extend`)
    return { services, file: path, folder: folderOf(path) }
  }
}

function target(name: string, extension: Tree): { of: string; file: string | null } {
  const of = extension.kind === 'map' ? textOf(child(extension, 'service')) : textOf(extension)
  if (!of) throw invalid(extension.place, `service ${name}: extends names no service but is ${kindOf(extension)}`)
  return { of, file: textOf(child(extension, 'file')) }
}

function withoutExtends(service: MapTree): MapTree {
  const entries = new Map(service.entries)
  entries.delete('extends')
  return mapOf(entries, service)
}
