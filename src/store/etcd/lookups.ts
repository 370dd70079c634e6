import { keyOf } from '../../core/commit.ts'
import type { Change, Commit } from '../../core/commit.ts'
import type { PortNumber } from '../../core/port.ts'
import { everyHost } from '../../core/host.ts'
import { nameKey } from '../../core/name.ts'
import { withoutSession } from '../../core/standing.ts'
import type { Keys } from './keys.ts'
import { Known, parentOf } from './known.ts'
import { pointerOf } from './rows.ts'
import type { Pointer } from './rows.ts'
import { endOf, under } from './txn.ts'
import type { Span } from './txn.ts'
import type { Entry } from './wire.ts'

/** One thing to look at: a key, or folders that lie side by side: those of some ports, or that of what a service has. */
type Lookup =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'folders'; readonly folders: readonly string[] }
  /** All claims of all hosts. */
  | { readonly kind: 'all'; readonly folder: string }

/** All that deciding a commit may have to look up. `pointers` lead to what it names by id, as far as that is known. */
export class Lookups {
  readonly #keys: Keys
  readonly #commit: Commit
  readonly #list: Lookup[]

  constructor(keys: Keys, commit: Commit, pointers: readonly Pointer[] = []) {
    this.#keys = keys
    this.#commit = commit
    const list = commit.changes.flatMap((change) => lookupsOf(keys, change))
    // Where an allocation is, and which service has it, is known only with its pointer: so they come with a second look.
    for (const { claim, service } of pointers) {
      const folder = parentOf(claim)
      const protocol = parentOf(folder.slice(0, -1))
      const moves = movesOf(commit).map((port) => `${padded(port)}/`)
      const everywhere = `${keys.claims(everyHost)}${protocol.split('/').at(-2)}/`
      list.push({ kind: 'key', key: service }, { kind: 'folders', folders: [folder] })
      if (protocol === everywhere) list.push({ kind: 'all', folder: keys.claims() })
      for (const parent of [protocol, everywhere])
        list.push({ kind: 'folders', folders: moves.map((move) => parent + move) })
    }
    this.#list = unique(list.filter((lookup) => lookup.kind !== 'folders' || lookup.folders.length > 0))
  }

  /** The commit's own record, the registry's revision, then the lookups. */
  spans(): Span[] {
    return [{ key: this.#keys.commit(this.#commit.id) }, { key: this.#keys.revision }, ...this.#list.map(spanOf)]
  }

  /** What the answers to `spans()` say, all of etcd's revision `asOf`. `own` is the commit's record, where it was made before. */
  learn(answers: readonly (readonly Entry[])[], asOf: number): { known: Known; own: Entry | null } {
    const [own = [], revision = [], ...rest] = answers
    const known = new Known()
    known.revision = revision[0]?.version ?? 0
    for (const [index, lookup] of this.#list.entries()) learnOne(known, lookup, rest[index] ?? [], asOf)
    return { known, own: own[0] ?? null }
  }

  /** The look that also goes where the ids of the commit lead; null where all of that was looked at. */
  further(known: Known): Lookups | null {
    const pointers = this.#commit.changes.flatMap((change) => {
      const id = change.do === 'adopt' ? change.allocation.id : 'id' in change ? change.id : null
      const entry = id === null ? null : known.key(this.#keys.id(id))
      return entry ? [pointerOf(entry)] : []
    })
    const further = new Lookups(this.#keys, this.#commit, pointers)
    return further.#list.every((lookup) => isIn(known, lookup)) ? null : further
  }
}

function isIn(known: Known, lookup: Lookup): boolean {
  if (lookup.kind === 'key') return known.keys.has(lookup.key)
  if (lookup.kind === 'all') return known.folders.has(lookup.folder)
  return lookup.folders.every((folder) => known.folders.has(folder))
}

function lookupsOf(keys: Keys, change: Change): Lookup[] {
  const key = (text: string): Lookup => ({ kind: 'key', key: text })
  switch (change.do) {
    case 'put-range':
      return [key(keys.range(keyOf.range(change.range.name)))]
    case 'remove-range':
      return [key(keys.range(keyOf.range(change.name)))]
    case 'put-service':
      return [key(keys.service(keyOf.service(change.service.host, change.service.name)))]
    case 'remove-service': {
      const service = keyOf.service(change.host, change.name)
      return [key(keys.service(service)), { kind: 'folders', folders: [keys.held(service)] }]
    }
    case 'record':
    case 'forget':
      return [key(keys.resolution(keyOf.resolution(change.resolution)))]
    case 'put-ruling':
    case 'remove-ruling':
      return [key(keys.ruling(keyOf.ruling(change.ruling)))]
    case 'move':
    case 'release':
    case 'reclaim':
      return [key(keys.id(change.id))]
    case 'hold':
    case 'doubt':
      return [key(keys.id(change.id)), ...session(change.session)]
    case 'adopt': {
      const allocation = withoutSession(change.allocation)
      const request = { candidates: [allocation.port], within: null, sole: false }
      return lookupsOf(keys, { do: 'allocate', ...allocation, ...request })
    }
    case 'allocate': {
      const { id, host, service: name, protocol, candidates, within, sole } = change
      const service = keyOf.service(host, name)
      const on = (one: string): Lookup => ({
        kind: 'folders',
        folders: candidates.map((port) => keys.port(one, protocol, port)),
      })
      const ports: Lookup[] = host === everyHost ? [{ kind: 'all', folder: keys.claims() }] : [on(host), on(everyHost)]
      const range = within === null ? [] : [key(keys.range(nameKey(within)))]
      const held: Lookup[] = sole ? [{ kind: 'folders', folders: [keys.held(service)] }] : []
      const rows = [key(keys.id(id)), key(keys.service(service)), ...session(change.session)]
      return [...rows, ...range, ...held, ...ports]
    }
  }

  function session(id: string | null | undefined): Lookup[] {
    return id ? [key(keys.session(id))] : []
  }
}

function movesOf(commit: Commit): PortNumber[] {
  return commit.changes.flatMap((change) => (change.do === 'move' ? change.candidates : []))
}

function padded(port: PortNumber): string {
  return String(port).padStart(5, '0')
}

function spanOf(lookup: Lookup): Span {
  if (lookup.kind === 'key') return { key: lookup.key }
  if (lookup.kind === 'all') return under(lookup.folder)
  let [lowest = '', highest = lowest] = lookup.folders
  for (const folder of lookup.folders) {
    if (folder < lowest) lowest = folder
    if (folder > highest) highest = folder
  }
  return { key: lowest, end: endOf(highest) }
}

function learnOne(known: Known, lookup: Lookup, entries: readonly Entry[], asOf: number): void {
  if (lookup.kind === 'key') return void known.keys.set(lookup.key, entries[0] ?? null)
  const byFolder = Map.groupBy(entries, ({ key }) => parentOf(key))
  if (lookup.kind === 'all') {
    known.folders.set(lookup.folder, { asOf, entries })
    for (const [folder, inside] of byFolder) known.folders.set(folder, { asOf, entries: inside })
    return
  }
  for (const folder of lookup.folders) known.folders.set(folder, { asOf, entries: byFolder.get(folder) ?? [] })
}

/** Each key once: several changes often name the same service. */
function unique(list: readonly Lookup[]): Lookup[] {
  return [...new Map(list.map((lookup) => [lookup.kind === 'key' ? lookup.key : lookup, lookup])).values()]
}
