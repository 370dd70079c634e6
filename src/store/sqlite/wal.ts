import { SQLiteError } from 'bun:sqlite'
import type { Connection } from './connection.ts'
import { patienceSeconds } from './failure.ts'

/**
 * Puts the file into WAL mode, which it keeps. The switch needs the file for itself, and SQLite does not wait for that as it waits for other
 * locks (sqlite.org/c3ref/busy_handler.html: the handler is not called where waiting could deadlock), so the waiting is done here.
 */
export function enterWal(connection: Connection): void {
  for (let waited = 0; ; waited += pauseMilliseconds) {
    try {
      if (isWal(connection)) return
      connection.script('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      const locked = error instanceof SQLiteError && error.code?.startsWith('SQLITE_BUSY')
      if (!locked || waited >= patienceSeconds * 1000) throw error
      Bun.sleepSync(pauseMilliseconds)
    }
  }
}

const pauseMilliseconds = 20

function isWal(connection: Connection): boolean {
  return connection.get<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode === 'wal'
}
