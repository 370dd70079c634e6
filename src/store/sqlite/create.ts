import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Connection } from './connection.ts'
import { migrate } from './form.ts'
import type { Form } from './form.ts'
import { openConnection } from './open.ts'
import { enterWal } from './wal.ts'

/**
 * Makes the file, complete, in one step: it is built under another name and linked to its own, which fails where somebody was faster, and then
 * theirs is the one. So nobody ever meets half a file, several first starts cannot disturb each other, and a file without content is always
 * damage. The folder is made with mode 0700, the file with 0600.
 */
export function createFile(path: string, form: Form, fill: (connection: Connection) => void): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${basename(path)}.${crypto.randomUUID()}`)
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    build(draft, form, fill)
    syncToDisk(draft)
    linkUnlessThere(draft, path)
    syncToDisk(folder)
  } finally {
    for (const part of ['', '-journal', '-wal', '-shm']) rmSync(draft + part, { force: true })
  }
}

function build(draft: string, form: Form, fill: (connection: Connection) => void): void {
  const connection = openConnection(draft, form)
  try {
    // The draft counts for nothing before it is linked, and it is brought to the disk in one go before that.
    connection.script('PRAGMA synchronous = OFF')
    migrate(connection, form, fill)
    enterWal(connection)
  } finally {
    connection.close()
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
