import { Problem } from '../../core/problem.ts'
import type { Connection } from './connection.ts'

/** What a file of ours is made of. */
export interface Form {
  /** Stands in the file's header (`PRAGMA application_id`) and tells our file from any other program's. */
  readonly applicationId: number
  /**
   * The script that leads from each version to the next; the first one makes the tables. `PRAGMA user_version` counts those that were done.
   * A script that was released is never edited.
   */
  readonly steps: readonly string[]
  /** How much a commit waits for the disk: FULL survives a power cut, NORMAL a crash of the program. */
  readonly synchronous: 'FULL' | 'NORMAL'
}

/** Throws `corrupt` for a file of another program and `newer-registry` for one of a later version. Gives the file's version. */
export function checkForm(connection: Connection, form: Form): number {
  const id = connection.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0
  if (id !== form.applicationId) {
    const why = `it is a SQLite file of another program (application id ${id}, not ${form.applicationId})`
    throw new Problem('corrupt', { store: connection.path, why })
  }
  return checkVersion(connection, form)
}

/** Throws `newer-registry`, also where a newer program changed the file while we had it open. */
export function checkVersion(connection: Connection, form: Form): number {
  const version = versionOf(connection)
  const known = form.steps.length
  if (version > known) throw new Problem('newer-registry', { store: connection.path, version, known })
  return version
}

/**
 * Brings the file to the current version. The version is read again under the write lock: of several programs that start at once all but one
 * find the work done. `fill` runs in the same transaction, for what a new file has to hold.
 */
export function migrate(connection: Connection, form: Form, fill?: (connection: Connection) => void): void {
  connection.transaction('IMMEDIATE', () => {
    const version = versionOf(connection)
    if (version >= form.steps.length) return
    for (const step of form.steps.slice(version)) connection.script(step)
    connection.script(`PRAGMA application_id = ${form.applicationId}; PRAGMA user_version = ${form.steps.length}`)
    fill?.(connection)
  })
}

function versionOf(connection: Connection): number {
  return connection.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
}
