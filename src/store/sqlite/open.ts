import { Database, constants } from 'bun:sqlite'
import { Connection } from './connection.ts'
import { patienceSeconds } from './failure.ts'
import type { Form } from './form.ts'

/** The log is cut back to this many bytes once it was written back, so that one large commit does not keep the disk for ever. */
const keptLogBytes = 8 * 1024 * 1024

/** Opens a file that is there, for reading and writing; for reading alone where the system does not allow more. */
export function openConnection(path: string, form: Form): Connection {
  const connection = new Connection(path, new Database(path, { readwrite: true, create: false, strict: true }))
  try {
    connection.keepLog()
    connection.script(
      `PRAGMA busy_timeout = ${patienceSeconds * 1000}; PRAGMA foreign_keys = ON; PRAGMA synchronous = ${form.synchronous};
       PRAGMA journal_size_limit = ${keptLogBytes}`,
    )
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Opens the file as if nobody could change it: no locks, no log, nothing made beside it. Only `immutable.ts` knows when that is safe. */
export function openImmutable(path: string): Connection {
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI
  return new Connection(path, new Database(`${Bun.pathToFileURL(path).href}?immutable=1`, flags))
}
