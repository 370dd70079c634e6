import type { Commit, Committed } from '../core/commit.ts'
import type { Registry } from '../core/registry.ts'
import { checkSession } from '../core/session.ts'
import type { NewSession, Session } from '../core/session.ts'
import type { HeldSession, RegistryStore, WatchEvent } from '../operations/world.ts'
import { EtcdClient, patience } from './etcd/client.ts'
import { Committing } from './etcd/commit.ts'
import { Keys } from './etcd/keys.ts'
import { Known } from './etcd/known.ts'
import { prune } from './etcd/log.ts'
import { News } from './etcd/news.ts'
import { raiseRevision } from './etcd/raise.ts'
import { knownOf, readSnapshot, registryOf } from './etcd/registry.ts'
import type { Snapshot } from './etcd/registry.ts'
import { LeasedSession, readSessions } from './etcd/session.ts'
import { parseEtcdUrl } from './etcd/url.ts'
import type { Entry } from './etcd/wire.ts'
import { watchCommits } from './etcd/watch.ts'

/** Beyond so many keys what is known is forgotten; the next commit then looks up what it needs. */
const mostKnown = 50_000

/**
 * The registry on etcd 3.4 or newer, shared by all who name the same address. Nothing is connected before the first use. Throws
 * `store-url-invalid` at once where the address is not one.
 */
export function openEtcdStore(url: string): RegistryStore {
  return new EtcdStore(url)
}

class EtcdStore implements RegistryStore {
  readonly place: string
  readonly #client: EtcdClient
  readonly #keys: Keys
  readonly #news: News
  #known = new Known()
  /** The last read, of which a commit takes what it needs to know: most commits are decided on a read just before. */
  #snapshot: Snapshot | null = null
  /** Those that this program began: what it needs to know of them to hold a claim in one round trip. */
  readonly #sessions = new Map<string, Entry>()
  /** Commits of one program go one after the other: side by side they would only be in each other's way. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(url: string) {
    const parsed = parseEtcdUrl(url)
    this.place = parsed.place
    this.#client = new EtcdClient(parsed)
    this.#keys = new Keys(parsed.prefix)
    this.#news = new News(this.#client, this.#keys)
  }

  async read({ host }: { readonly host?: string } = {}): Promise<Registry> {
    const snapshot = await readSnapshot(this.#client, this.#keys, host)
    this.#snapshot = snapshot
    return registryOf(snapshot)
  }

  commit(commit: Commit): Promise<Committed> {
    // What the caller changes while it waits must not reach the rows.
    const asked = structuredClone(commit)
    const turn = this.#queue.then(() => this.#commit(asked))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  watch(after: number, signal: AbortSignal): AsyncIterable<WatchEvent> {
    return watchCommits(this.#client, this.#keys, this.#news, after, signal)
  }

  async openSession(asked: NewSession): Promise<HeldSession> {
    const { session, entry } = await LeasedSession.open(this.#client, this.#keys, checkSession(asked))
    this.#sessions.set(entry.key, entry)
    const close = async (): Promise<void> => {
      this.#sessions.delete(entry.key)
      await session.close()
    }
    return { id: session.id, renew: () => session.renew(), close }
  }

  sessions(): Promise<readonly Session[]> {
    return readSessions(this.#client, this.#keys)
  }

  async close(): Promise<void> {
    this.#client.close()
    this.#news.ring()
  }

  async #commit(commit: Commit): Promise<Committed> {
    if (commit.above !== undefined) await this.#raise(commit.above)
    if (this.#snapshot) this.#known = knownOf(this.#snapshot, this.#keys)
    else if (this.#known.size > mostKnown) this.#known = new Known()
    this.#snapshot = null
    for (const [key, entry] of this.#sessions) this.#known.keys.set(key, entry)
    const committed = await new Committing(this.#client, this.#keys, this.place, commit, this.#known).run()
    this.#news.ring()
    await this.#prune(committed.revision)
    return committed
  }

  /** What was known before is then of an older revision. */
  async #raise(above: number): Promise<void> {
    if (this.#snapshot && this.#snapshot.revision >= above) return
    await raiseRevision(this.#client, this.#keys, this.place, above)
    this.#snapshot = null
    this.#known = new Known()
  }

  /** What is too old goes sooner or later; no commit fails for it. */
  async #prune(revision: number): Promise<void> {
    try {
      await prune(this.#client, this.#keys, revision, performance.now() + patience)
    } catch {
      // The commit is made, and the next one that comes to this finds the same.
    }
  }
}
