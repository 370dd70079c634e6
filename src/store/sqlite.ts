import { decide } from '../core/commit.ts'
import type { Commit, Committed } from '../core/commit.ts'
import { Problem } from '../core/problem.ts'
import { emptyRegistry } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { checkSession } from '../core/session.ts'
import type { NewSession, Session } from '../core/session.ts'
import type { HeldSession, RegistryStore, WatchEvent } from '../operations/world.ts'
import { Doorbell } from './doorbell.ts'
import { follow } from './follow.ts'
import type { CommitLog } from './follow.ts'
import { answerTo, commitsAfter, recordCommit } from './sqlite/commit-rows.ts'
import type { Connection } from './sqlite/connection.ts'
import { writeEffects } from './sqlite/effects.ts'
import { readRegistry } from './sqlite/read-registry.ts'
import { registryForm } from './sqlite/registry-form.ts'
import { insertSession, readSessions, removeSession, renewSession } from './sqlite/session-rows.ts'
import { SqliteFile } from './sqlite/sqlite-file.ts'
import type { InTurn } from './sqlite/sqlite-file.ts'
import { viewOf } from './sqlite/view.ts'

/**
 * How often, in milliseconds, a watcher asks whether another process has committed. The question takes about 15 us, so that a watcher costs
 * less than a thousandth of a core, and 50 ms is below what a person notices. Commits of this process wake it at once.
 */
const watchInterval = 50

export interface SqliteStore extends RegistryStore {
  /**
   * The name of the host under which the registry was made, null where there is no registry yet. A laptop's own name changes with the
   * network it is in; its services must not be lost by that.
   */
  hostAtCreation(): string | null
}

/**
 * The registry in a SQLite file. Nothing is opened before the first use, and nothing is made before the first commit, which keeps `host` as the
 * name of the host. Whoever opens it closes it: the last to close writes the log back into the file.
 */
export function openSqliteStore(options: {
  readonly path: string
  readonly host: string | (() => string)
  readonly inTurn?: InTurn
}): SqliteStore {
  return new SqliteRegistryStore(options.path, options.host, options.inTurn)
}

class SqliteRegistryStore implements SqliteStore {
  readonly place: string
  readonly #host: string | (() => string)
  readonly #file: SqliteFile
  readonly #bell = new Doorbell()
  #uuid: string | null = null

  constructor(path: string, host: string | (() => string), inTurn: InTurn | undefined) {
    this.place = path
    this.#host = host
    this.#file = new SqliteFile(path, registryForm, inTurn)
  }

  hostAtCreation(): string | null {
    return this.#file.read(null, (connection) => this.#meta(connection).host)
  }

  async read({ host }: { readonly host?: string } = {}): Promise<Registry> {
    return this.#file.read(emptyRegistry, (connection) =>
      readRegistry(connection, this.#meta(connection).revision, host),
    )
  }

  async commit(commit: Commit): Promise<Committed> {
    const committed = this.#file.write(this.#describe(commit.at), (connection) => {
      const { revision } = this.#meta(connection)
      const answered = answerTo(connection, commit.id)
      if (answered) return answered
      const decided = decide(viewOf(connection, revision), commit)
      writeEffects(connection, decided.effects)
      recordCommit(connection, commit, decided.effects, decided.committed)
      return decided.committed
    })
    this.#bell.ring()
    return committed
  }

  watch(after: number, signal: AbortSignal): AsyncIterable<WatchEvent> {
    const log: CommitLog = {
      mark: () => this.#file.mark(),
      after: (revision, most) =>
        this.#file.read({ newest: 0, commits: [] }, (connection) => ({
          newest: this.#meta(connection).revision,
          commits: commitsAfter(connection, revision, most),
        })),
      changed: async (mark) => {
        while (!signal.aborted) {
          if ((await this.#bell.wait(watchInterval, signal)) || this.#file.mark() !== mark) return
        }
      },
    }
    return follow(log, after, signal)
  }

  async openSession(asked: NewSession): Promise<HeldSession> {
    const session = checkSession(asked)
    const { id } = session
    const write = <Result>(work: (connection: Connection) => Result): Result =>
      this.#file.write(this.#describe(''), (connection) => {
        this.#meta(connection)
        return work(connection)
      })
    write((connection) => insertSession(connection, session))
    const renew = async (): Promise<void> => {
      if (!write((connection) => renewSession(connection, id))) throw new Problem('session-lost', { session: id })
    }
    const close = async (): Promise<void> => write((connection) => removeSession(connection, id))
    return { id, renew, close }
  }

  async sessions(): Promise<readonly Session[]> {
    return this.#file.read([], (connection) => {
      this.#meta(connection)
      return readSessions(connection)
    })
  }

  async close(): Promise<void> {
    this.#file.close()
    this.#bell.ring()
  }

  /** The row that a new registry begins with. */
  #describe(at: string): (connection: Connection) => void {
    const sql = 'INSERT INTO meta (one, uuid, host, created_at, revision) VALUES (1, ?, ?, ?, 0)'
    return (connection) => {
      const host = typeof this.#host === 'string' ? this.#host : this.#host()
      connection.run(sql, crypto.randomUUID(), host, at)
    }
  }

  /** Throws `store-replaced` where the content is another registry's than before: a file can also be overwritten in its place. */
  #meta(connection: Connection): { uuid: string; host: string; revision: number } {
    const meta = connection.get<{ uuid: string; host: string; revision: number }>(
      'SELECT uuid, host, revision FROM meta',
    )
    if (!meta) throw new Problem('corrupt', { store: this.place, why: 'the row that describes it is missing' })
    this.#uuid ??= meta.uuid
    if (meta.uuid !== this.#uuid) throw new Problem('store-replaced', { store: this.place })
    return meta
  }
}
