import { statSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import type { Connection } from './connection.ts'
import { checkForm } from './form.ts'
import type { Form } from './form.ts'
import { openImmutable } from './open.ts'

/** A writer that finishes between every two looks for so many times in a row is one that never rests. */
const attempts = 20

/**
 * One read of a file beside which nothing can be made, so that SQLite's usual way of reading is closed: a read-only folder or file system, or a full disk.
 *
 * `immutable` takes no locks and does not see the log. It is right under two conditions, and both are checked: the log is empty or not there, so
 * that the file alone is the whole truth; and neither file nor log changed while it was read, or the read is done again. In WAL mode
 * the file itself changes only when a log is written back. The connection is closed at once, so that its cache cannot grow old.
 */
export function readImmutable<Result>(path: string, form: Form, work: (connection: Connection) => Result): Result {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = stateOf(path)
    const connection = openImmutable(path)
    let outcome: { result: Result } | { error: unknown }
    try {
      checkForm(connection, form)
      outcome = { result: work(connection) }
    } catch (error) {
      outcome = { error }
    } finally {
      connection.close()
    }
    // What was read, and also what went wrong, may come from a file that changed under the reader.
    if (stateOf(path) !== before) continue
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }
  throw new Problem('unavailable', { store: path, why: 'it may only be read, and it changed at every attempt' })
}

function stateOf(path: string): string {
  const log = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false })
  if (log && log.size > 0n) {
    const why = 'its newest changes are in its -wal file, which can be read only by who may also write it'
    throw new Problem('unavailable', { store: path, why })
  }
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}
