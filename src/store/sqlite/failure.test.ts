import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isProblem } from '../../core/problem.ts'
import { Connection } from './connection.ts'
import { storeFailure } from './failure.ts'
import { enterWal } from './wal.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'iza-ports-failure-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The code of the problem that the work fails with, or the very error where it is our own fault. */
function failure(work: () => void, doing: 'read' | 'write' = 'write'): unknown {
  try {
    work()
  } catch (error) {
    const translated = storeFailure(error, join(folder, 'registry.db'), doing)
    return isProblem(translated) ? translated.code : translated
  }
  return 'it succeeded'
}

function open(name = 'registry.db'): Database {
  const database = new Database(join(folder, name))
  database.run('PRAGMA busy_timeout = 10')
  return database
}

test('names a lock, a full file, a file that may not be written, and one that is not there', () => {
  const [one, other] = [open(), open()]
  one.run('CREATE TABLE t (a)')
  one.run('BEGIN IMMEDIATE')
  expect(failure(() => other.run('BEGIN IMMEDIATE'))).toBe('busy')
  one.run('COMMIT; PRAGMA max_page_count = 2')
  expect(failure(() => one.run('INSERT INTO t VALUES (zeroblob(90000))'))).toBe('disk-full')
  other.run('PRAGMA query_only = 1')
  expect(failure(() => other.run('DELETE FROM t'))).toBe('read-only')
  expect(failure(() => open('not/there'))).toBe('unavailable')
  for (const database of [one, other]) database.close()
})

test('leaves what is our own fault as it is', () => {
  const database = open()
  database.run('CREATE TABLE t (a UNIQUE)')
  database.run('INSERT INTO t VALUES (1)')
  expect(failure(() => database.run('INSERT INTO t VALUES (1)'))).toMatchObject({ name: 'SQLiteError' })
  expect(failure(() => database.run('SELEKT'))).toMatchObject({ name: 'SQLiteError' })
  expect(failure(() => JSON.parse(JSON.parse('1').a.b))).toBeInstanceOf(TypeError)
  database.close()
})

test('waits for the switch to WAL until a reader is done', async () => {
  const database = open()
  database.run('CREATE TABLE t (a)')
  const program = `
    const database = new (require('bun:sqlite').Database)(process.argv[1])
    database.run('BEGIN; SELECT * FROM t')
    process.stdout.write('reading')
    process.stdin.once('data', () => setTimeout(() => { database.run('COMMIT'); process.exit() }, 200))`
  const reader = Bun.spawn([process.execPath, '-e', program, join(folder, 'registry.db')], {
    stdin: 'pipe',
    stdout: 'pipe',
  })
  await reader.stdout.getReader().read()
  expect(failure(() => database.run('PRAGMA journal_mode = WAL'))).toBe('busy')
  await reader.stdin.write('go')
  await reader.stdin.flush()
  const connection = new Connection(join(folder, 'registry.db'), database)
  enterWal(connection)
  expect(connection.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
  connection.close()
  await reader.exited
})

test('takes back what was written before the work failed', () => {
  const connection = new Connection('registry.db', open())
  connection.script('CREATE TABLE t (a)')
  const work = (): void => {
    connection.run('INSERT INTO t VALUES (1)')
    throw new Error('no')
  }
  expect(() => connection.transaction('IMMEDIATE', work)).toThrow('no')
  expect(connection.all('SELECT * FROM t')).toEqual([])
  connection.close()
})
