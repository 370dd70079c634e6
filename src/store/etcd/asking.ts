import type { Allocation } from '../../core/allocation.ts'
import type { Holding, View } from '../../core/commit.ts'
import { everyHost } from '../../core/host.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import type { Range } from '../../core/range.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Resolution, Service } from '../../core/service.ts'
import type { Session } from '../../core/session.ts'
import type { Keys } from './keys.ts'
import { parentOf } from './known.ts'
import type { Known, KnownFolder } from './known.ts'
import { allocationOf, holdingOf, placedOf, pointerOf, sessionOf } from './rows.ts'
import { mostCompares, nothingNewer, unchanged, under } from './txn.ts'
import type { Compare, Entry } from './wire.ts'

/** The decision needs something that was never looked at and that cannot be taken to be absent. */
export class Unseen extends Error {}

/**
 * A view of what is known, that remembers what it was asked. What was never looked at is taken to be absent: the compares say so to etcd, which
 * refuses where it is not, and then we know.
 */
export class Asking implements View {
  readonly revision: number
  /** Whether an answer was only taken to be so. */
  assumed = false
  readonly #known: Known
  readonly #keys: Keys
  readonly #askedKeys = new Map<string, number>()
  readonly #askedPorts = new Map<string, KnownFolder>()
  readonly #askedFolders = new Map<string, number>()
  readonly #askedSessions = new Map<string, number>()

  constructor(known: Known, keys: Keys) {
    this.#known = known
    this.#keys = keys
    this.revision = known.revision ?? 0
  }

  range(key: string): Range | null {
    return this.#row(this.#keys.range(key)) as Range | null
  }

  service(key: string): Service | null {
    return this.#row(this.#keys.service(key)) as Service | null
  }

  resolution(key: string): Resolution | null {
    return this.#row(this.#keys.resolution(key)) as Resolution | null
  }

  ruling(key: string): Ruling | null {
    return this.#row(this.#keys.ruling(key)) as Ruling | null
  }

  session(id: string): Session | null {
    const key = this.#keys.session(id)
    const entry = this.#known.key(key)
    this.#askedSessions.set(key, entry?.modified ?? 0)
    return entry ? sessionOf(entry) : null
  }

  /** A claim and the pointer to it are always written together, so the pointer alone is compared. */
  allocation(id: string): Allocation | null {
    const entry = this.#entry(this.#keys.id(id))
    if (!entry) return null
    const { claim } = pointerOf(entry)
    const found = this.#known.folders.get(parentOf(claim))?.entries.find(({ key }) => key === claim)
    if (!found) throw new Unseen(claim)
    return allocationOf(found)
  }

  allocationsOn(host: string, protocol: Protocol, port: PortNumber): readonly Allocation[] {
    if (host === everyHost) return this.#anywhere(protocol, port)
    return [...this.#on(host, protocol, port), ...this.#on(everyHost, protocol, port)]
  }

  /** On any host whatever, of which one may join at this moment: no claim at all may be newer than what was seen. */
  #anywhere(protocol: Protocol, port: PortNumber): readonly Allocation[] {
    const all = this.#keys.claims()
    const known = this.#known.folders.get(all)
    if (!known) throw new Unseen(all)
    this.#askedFolders.set(all, known.asOf)
    const part = this.#keys.port(everyHost, protocol, port).slice(this.#keys.claims(everyHost).length - 1)
    return known.entries.filter(({ key }) => key.includes(part)).map(allocationOf)
  }

  #on(host: string, protocol: Protocol, port: PortNumber): readonly Allocation[] {
    const folder = this.#keys.port(host, protocol, port)
    const known = this.#folder(folder, host)
    this.#askedPorts.set(folder, known)
    return known.entries.map(allocationOf)
  }

  allocationsFor(service: string): readonly Holding[] {
    const [host = ''] = service.split('\n', 1)
    const folder = this.#keys.held(service)
    const known = this.#folder(folder, host)
    this.#askedFolders.set(folder, known.asOf)
    return known.entries.map(holdingOf)
  }

  /** That every session is there, or gone, as it was: they come and go without a commit, so that the registry's revision says nothing of them. */
  sessionCompares(): Compare[] {
    return [...this.#askedSessions].map(([key, modified]) => unchanged(key, modified))
  }

  /**
   * That everything the decision rests on is still so: nobody else came to the `taken` ports, and whoever was in the way on a port that was passed
   * over is there still, since the first free one is promised. etcd takes only so many compares, which is enough for the most preferred
   * candidates: behind some fifty taken ones a port that was freed since we looked may be passed over. Null where even the rest is too much.
   */
  compares(taken: ReadonlySet<string>): Compare[] | null {
    const compares = this.sessionCompares()
    for (const [key, modified] of this.#askedKeys) compares.push(unchanged(key, modified))
    for (const [folder, asOf] of this.#askedFolders) compares.push(nothingNewer(under(folder), asOf))
    for (const folder of taken) compares.push(nothingNewer(under(folder), this.#askedPorts.get(folder)?.asOf ?? 0))
    if (compares.length > mostCompares) return null
    for (const [folder, { entries }] of this.#askedPorts) {
      if (taken.has(folder)) continue
      if (compares.length + entries.length > mostCompares) break
      compares.push(...entries.map(({ key, modified }) => unchanged(key, modified)))
    }
    return compares
  }

  #folder(folder: string, host: string): KnownFolder {
    const known = this.#known.folder(folder, this.#keys.claims(host))
    if (!known) this.assumed = true
    return known ?? { asOf: 0, entries: [] }
  }

  #row(key: string): unknown {
    const entry = this.#entry(key)
    return entry ? placedOf(entry).row : null
  }

  #entry(key: string): Entry | null {
    const entry = this.#known.key(key)
    if (entry === undefined) this.assumed = true
    this.#askedKeys.set(key, entry?.modified ?? 0)
    return entry ?? null
  }
}
