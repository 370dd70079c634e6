import type { Allocation } from '../core/allocation.ts'
import { decide, keyOf } from '../core/commit.ts'
import type { Commit, Committed, Effect, View } from '../core/commit.ts'
import { countsOn, hostsMeet } from '../core/host.ts'
import { Problem } from '../core/problem.ts'
import type { Range } from '../core/range.ts'
import type { Registry } from '../core/registry.ts'
import type { Ruling } from '../core/ruling.ts'
import type { Resolution, Service } from '../core/service.ts'
import { checkSession } from '../core/session.ts'
import type { NewSession, Session } from '../core/session.ts'
import type { HeldSession, RegistryStore, WatchEvent } from '../operations/world.ts'
import { compareAllocations } from './allocation-order.ts'
import { Doorbell } from './doorbell.ts'
import { follow } from './follow.ts'
import type { CommitEvent } from './follow.ts'
import { keptCommits } from './kept-commits.ts'

/** How often a watcher looks without having been woken; nobody else can change this memory, so it is only the end of a wait. */
const watchInterval = 60_000

/** A registry that lives as long as the process: for tests, and for trying a plan out. */
export function openMemoryStore(): RegistryStore {
  return new MemoryStore()
}

class MemoryStore implements RegistryStore {
  readonly place = 'memory'
  #revision = 0
  #closed = false
  readonly #ranges = new Map<string, Range>()
  readonly #services = new Map<string, Service>()
  readonly #allocations = new Map<string, Allocation>()
  readonly #resolutions = new Map<string, Resolution>()
  readonly #rulings = new Map<string, Ruling>()
  readonly #sessions = new Map<string, Session>()
  readonly #answers = new Map<string, Committed>()
  readonly #log: CommitEvent[] = []
  readonly #bell = new Doorbell()

  async read({ host }: { readonly host?: string } = {}): Promise<Registry> {
    this.#refuseClosed()
    const ofHost = (row: { readonly host: string }): boolean => host === undefined || countsOn(row, host)
    return structuredClone({
      revision: this.#revision,
      ranges: [...this.#ranges.values()],
      services: [...this.#services.values()].filter(ofHost),
      allocations: [...this.#allocations.values()].filter(ofHost).toSorted(compareAllocations),
      resolutions: [...this.#resolutions.values()].filter(ofHost),
      rulings: [...this.#rulings.values()].filter((row) => row.host === null || ofHost({ host: row.host })),
    })
  }

  async commit(commit: Commit): Promise<Committed> {
    this.#refuseClosed()
    const answered = this.#answers.get(commit.id)
    if (answered) return structuredClone(answered)
    // The caller keeps its own value: what it changes later must not reach the rows.
    const { effects, committed } = structuredClone(decide(this.#view(), commit))
    for (const effect of effects) this.#apply(effect)
    this.#revision = committed.revision
    this.#answers.set(commit.id, committed)
    this.#log.push({ kind: 'commit', revision: committed.revision, id: commit.id, at: commit.at, effects })
    if (this.#log.length > keptCommits) this.#answers.delete(this.#log.shift()?.id ?? '')
    this.#bell.ring()
    return structuredClone(committed)
  }

  watch(after: number, signal: AbortSignal): AsyncIterable<WatchEvent> {
    const log = {
      mark: () => this.#revision,
      after: (revision: number, most: number) => {
        this.#refuseClosed()
        const start = Math.max(0, revision - this.#revision + this.#log.length)
        return { newest: this.#revision, commits: structuredClone(this.#log.slice(start, start + most)) }
      },
      changed: async () => void (await this.#bell.wait(watchInterval, signal)),
    }
    return follow(log, after, signal)
  }

  async openSession(asked: NewSession): Promise<HeldSession> {
    this.#refuseClosed()
    const session = checkSession(asked)
    const { id } = session
    this.#sessions.set(id, { ...session, beat: 0 })
    const renew = async (): Promise<void> => {
      this.#refuseClosed()
      const now = this.#sessions.get(id)
      if (!now) throw new Problem('session-lost', { session: id })
      this.#sessions.set(id, { ...now, beat: (now.beat ?? 0) + 1 })
    }
    const close = async (): Promise<void> => void this.#sessions.delete(id)
    return { id, renew, close }
  }

  async sessions(): Promise<readonly Session[]> {
    this.#refuseClosed()
    return structuredClone([...this.#sessions.values()])
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#bell.ring()
  }

  #refuseClosed(): void {
    if (this.#closed) throw new Problem('unavailable', { store: this.place, why: 'it was closed' })
  }

  #view(): View {
    const allocations = (): Allocation[] => [...this.#allocations.values()]
    return {
      revision: this.#revision,
      range: (key) => this.#ranges.get(key) ?? null,
      service: (key) => this.#services.get(key) ?? null,
      allocation: (id) => this.#allocations.get(id) ?? null,
      resolution: (key) => this.#resolutions.get(key) ?? null,
      ruling: (key) => this.#rulings.get(key) ?? null,
      session: (id) => this.#sessions.get(id) ?? null,
      allocationsOn: (host, protocol, port) =>
        allocations().filter((row) => row.port === port && row.protocol === protocol && hostsMeet(row.host, host)),
      allocationsFor: (key) => allocations().filter(({ host, service }) => keyOf.service(host, service) === key),
    }
  }

  #apply(effect: Effect): void {
    switch (effect.row) {
      case 'range':
        return put(this.#ranges, effect.key, effect.after)
      case 'service':
        return put(this.#services, effect.key, effect.after)
      case 'allocation':
        return put(this.#allocations, effect.key, effect.after)
      case 'resolution':
        return put(this.#resolutions, effect.key, effect.after)
      case 'ruling':
        return put(this.#rulings, effect.key, effect.after)
      case 'session':
        return put(this.#sessions, effect.key, effect.after)
    }
  }
}

/** A row that is there keeps its place in the order. */
function put<Row>(rows: Map<string, Row>, key: string, after: Row | null): void {
  if (after === null) rows.delete(key)
  else rows.set(key, after)
}
