import { SQLiteError } from 'bun:sqlite'
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem, isProblem } from '../../core/problem.ts'
import { lockHolder } from './lock-holder.ts'

/**
 * How long a lock is waited for. SQLite's waiting is unfair: with eight writers the unluckiest one waited 3.5 s (field notes), so
 * shorter would fail for nothing, and longer is longer than a person waits before pressing Ctrl-C.
 */
export const patienceSeconds = 8

/** What went wrong with the file, in the product's words. An error that is our own fault comes back as it is. */
export function storeFailure(error: unknown, store: string, doing: 'read' | 'write'): unknown {
  if (isProblem(error)) return error
  if (error instanceof SyntaxError)
    return new Problem('corrupt', { store, why: `a kept value is not JSON (${error.message})` })
  const code = codeOf(error)
  if (code === null) return error
  if (code === 'SQLITE_READONLY_DBMOVED') return new Problem('store-replaced', { store })
  if (is(code, 'SQLITE_BUSY', 'SQLITE_LOCKED'))
    return new Problem('busy', { store, seconds: patienceSeconds, ...lockHolder(store) })
  if (is(code, 'SQLITE_FULL', 'ENOSPC', 'EDQUOT')) return new Problem('disk-full', { store })
  if (is(code, 'SQLITE_CORRUPT', 'SQLITE_NOTADB') || lacksTable(error))
    return new Problem('corrupt', { store, why: messageOf(error) })
  if (is(code, 'SQLITE_IOERR', 'SQLITE_CANTOPEN') && diskIsFull(store)) return new Problem('disk-full', { store })
  if (
    doing === 'write' &&
    (is(code, 'SQLITE_READONLY', 'EACCES', 'EPERM', 'EROFS') || (is(code, 'SQLITE_CANTOPEN') && !isWritable(store)))
  ) {
    return new Problem('read-only', { store })
  }
  // A broken constraint, a wrong statement: the tables and the code disagree, and no user can mend that.
  if (is(code, 'SQLITE_CONSTRAINT', 'SQLITE_ERROR', 'SQLITE_MISUSE', 'SQLITE_RANGE', 'SQLITE_MISMATCH')) return error
  return new Problem('unavailable', { store, why: messageOf(error) })
}

/** Whether SQLite gave up because even reading in WAL mode writes: it has to open the log and share an index of it beside the file. */
export function failedForWantOfWriting(error: unknown): boolean {
  const code = codeOf(error)
  return code !== null && is(code, 'SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_IOERR', 'SQLITE_FULL')
}

/** The result code of SQLite (with its extension where there is one) or the name of the system's error. */
function codeOf(error: unknown): string | null {
  if (error instanceof SQLiteError) return error.code ?? null
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null
}

function is(code: string, ...families: readonly string[]): boolean {
  return families.some((family) => code === family || code.startsWith(`${family}_`))
}

/** The version says that the tables are there, so a damaged file has lost one. */
function lacksTable(error: unknown): boolean {
  return error instanceof SQLiteError && /^no such (table|column|index)/.test(error.message)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether we may write the file, if it is there, and make files beside it. */
function isWritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK)
    if (existsSync(path)) accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** On a full disk SQLite reports the files it cannot make as I/O errors. */
function diskIsFull(path: string): boolean {
  try {
    return statfsSync(dirname(path)).bavail === 0
  } catch {
    return false
  }
}
