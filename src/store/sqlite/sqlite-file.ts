import { realpathSync, statSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import type { Connection } from './connection.ts'
import { createFile } from './create.ts'
import { failedForWantOfWriting, storeFailure } from './failure.ts'
import { checkForm, checkVersion, migrate } from './form.ts'
import type { Form } from './form.ts'
import { FileIdentity, inodeOf } from './identity.ts'
import { readImmutable } from './immutable.ts'
import { refuseNetworkFileSystem } from './network-file-system.ts'
import { openConnection } from './open.ts'
import { enterWal } from './wal.ts'

/**
 * Does the work when it is this program's turn to write the file, or when its patience is over: the file's own lock decides who writes, and gives it to whoever
 * happens to ask when it is free.
 */
export type InTurn = <Result>(inode: bigint, work: () => Result) => Result

interface Opened {
  readonly connection: Connection
  readonly identity: FileIdentity
  readonly inode: bigint
  /** Whether the file is known to be in WAL mode; a restored backup may not be. */
  wal: boolean
}

/**
 * A SQLite file of ours, opened when it is first needed and made when it is first written. All methods throw the problems of
 * `RegistryStore`; `store-replaced` for ever once the file was deleted or replaced, because what this process knows is not what stands there.
 *
 * The file is never opened by other means in this process: closing any descriptor of it would drop SQLite's locks
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
export class SqliteFile {
  readonly path: string
  readonly #form: Form
  readonly #inTurn: InTurn
  #opened: Opened | null = null
  #closed = false

  constructor(path: string, form: Form, inTurn: InTurn = (_inode, work) => work()) {
    this.path = path
    this.#form = form
    this.#inTurn = inTurn
  }

  /** The work in one read transaction; `missing` where there is no file yet, and none is made. */
  read<Result>(missing: Result, work: (connection: Connection) => Result): Result {
    return this.#translating('read', () => {
      if (!this.#opened && !this.#exists()) return missing
      try {
        const { connection, identity } = this.#open()
        return connection.transaction('DEFERRED', () => {
          identity.check()
          checkVersion(connection, this.#form)
          return work(connection)
        })
      } catch (error) {
        if (this.#opened || !failedForWantOfWriting(error)) throw error
        return readImmutable(realpathSync(this.path), this.#form, work)
      }
    })
  }

  /** The work in one write transaction that is durable before this returns. `fill` completes a file that has to be made for it. */
  write<Result>(fill: (connection: Connection) => void, work: (connection: Connection) => Result): Result {
    return this.#translating('write', () => {
      if (!this.#opened && !this.#exists()) {
        refuseNetworkFileSystem(this.path)
        createFile(this.path, this.#form, fill)
      }
      const opened = this.#open()
      const { connection, identity, inode } = opened
      if (!opened.wal) enterWal(connection)
      opened.wal = true
      const result = this.#inTurn(inode, () =>
        connection.transaction('IMMEDIATE', () => {
          identity.check()
          checkVersion(connection, this.#form)
          return work(connection)
        }),
      )
      // Deleted in the meantime, it was written for nobody: that must not be acknowledged.
      identity.check()
      return result
    })
  }

  /** A value that differs from an earlier one when another connection has committed in between. */
  mark(): unknown {
    return this.#translating('read', () => {
      if (!this.#opened && !this.#exists()) return 'missing'
      try {
        const { connection, identity } = this.#open()
        identity.check()
        return connection.get<{ data_version: number }>('PRAGMA data_version')?.data_version
      } catch (error) {
        // A file that may only be read cannot tell: every look is worth a read.
        if (this.#opened || !failedForWantOfWriting(error)) throw error
        return Symbol('unknown')
      }
    })
  }

  close(): void {
    this.#closed = true
    this.#opened?.connection.close()
    this.#opened = null
  }

  #exists(): boolean {
    return statSync(this.path, { throwIfNoEntry: false }) !== undefined
  }

  #open(): Opened {
    if (this.#opened) return this.#opened
    const stat = statSync(this.path, { bigint: true })
    if (!stat.isFile()) throw new Problem('unavailable', { store: this.path, why: 'it is not a file' })
    // SQLite would take it for a new one, and throw its log away.
    if (stat.size === 0n) throw new Problem('corrupt', { store: this.path, why: 'it is empty (0 bytes)' })
    // SQLite would read what is missing of its last page as zeros. Pages are 512 bytes or a multiple of it.
    if (stat.size % 512n !== 0n)
      throw new Problem('corrupt', { store: this.path, why: `it was cut off (${stat.size} bytes)` })
    refuseNetworkFileSystem(this.path)
    const connection = openConnection(this.path, this.#form)
    try {
      const identity = new FileIdentity(realpathSync(this.path))
      if (checkForm(connection, this.#form) < this.#form.steps.length) migrate(connection, this.#form)
      identity.check()
      // Both looks saw one inode, so the file that was opened between them is that one.
      if (inodeOf(this.path) !== `${stat.dev}:${stat.ino}`) throw new Problem('store-replaced', { store: this.path })
      this.#opened = { connection, identity, inode: stat.ino, wal: false }
      return this.#opened
    } catch (error) {
      connection.close()
      throw error
    }
  }

  #translating<Result>(doing: 'read' | 'write', work: () => Result): Result {
    if (this.#closed) throw new Problem('unavailable', { store: this.path, why: 'it was closed' })
    try {
      return work()
    } catch (error) {
      throw storeFailure(error, this.path, doing)
    }
  }
}
