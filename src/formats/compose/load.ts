import type { ComposeNotice } from '../../core/compose.ts'
import { Problem } from '../../core/problem.ts'
import { interpolate } from './interpolate.ts'
import { invalid } from './invalid.ts'
import { merge } from './merge.ts'
import { parseCompose } from './parse.ts'
import { isSexagesimal } from './scalar.ts'
import type { Lookup } from './template.ts'
import { child, kindOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

/** Gives the text of a file, null where there is none. Paths are those of the project directory and of `files`, joined and normalised. */
export type ReadText = (path: string) => string | null | Promise<string | null>

/** What reading the files of one project shares. */
export class Sources {
  readonly notices: ComposeNotice[] = []
  readonly #read: ReadText
  readonly #texts = new Map<string, string | null>()
  /** A file that many services extend is parsed once for each set of variables. */
  readonly #documents = new WeakMap<Lookup, Map<string, MapTree[]>>()

  constructor(read: ReadText) {
    this.#read = read
  }

  /** Every file that was there, in the order of reading. */
  get files(): string[] {
    return [...this.#texts].filter(([, text]) => text !== null).map(([path]) => path)
  }

  /** The file's text, read once. */
  async optional(path: string): Promise<string | null> {
    const known = this.#texts.get(path)
    if (known !== undefined) return known
    const text = await this.#read(path)
    this.#texts.set(path, text)
    return text
  }

  async text(path: string): Promise<string> {
    const text = await this.optional(path)
    if (text === null) throw new Problem('file-missing', { path })
    return text
  }

  /** The documents of a compose file, variables filled in. Throws for anything but mappings. */
  async documents(path: string, lookup: Lookup): Promise<MapTree[]> {
    const known = this.#documents.get(lookup) ?? new Map<string, MapTree[]>()
    this.#documents.set(lookup, known)
    const documents = known.get(path) ?? this.#parse(await this.text(path), path, lookup)
    known.set(path, documents)
    return documents
  }

  #parse(text: string, path: string, lookup: Lookup): MapTree[] {
    return parseCompose(text, path).map((tree) => {
      if (tree.kind !== 'map') throw invalid(tree.place, `a compose file is a mapping, not ${kindOf(tree)}`)
      this.#noteSexagesimals(tree)
      return interpolate(tree, lookup, this.notices) as MapTree
    })
  }

  /** Told from what was written, before anything is filled in. */
  #noteSexagesimals(tree: MapTree): void {
    const services = child(tree, 'services')
    if (services?.kind !== 'map') return
    for (const service of services.entries.values()) {
      const ports = child(service, 'ports')
      if (ports?.kind !== 'list') continue
      for (const item of ports.items) {
        if (item.kind === 'scalar' && item.plain && isSexagesimal(item.text)) {
          this.notices.push({ what: 'sexagesimal', text: item.text, ...item.place })
        }
      }
    }
  }
}

/** Documents of one file, merged in their order. */
export function mergeDocuments(documents: readonly MapTree[]): MapTree | null {
  let merged: Tree | undefined
  for (const document of documents) merged = merge(merged, document)
  return merged?.kind === 'map' ? merged : null
}
