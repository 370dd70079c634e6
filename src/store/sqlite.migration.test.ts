import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allocate, commit, hold, problemOf, putService } from './contract/changes.ts'
import { sessionOf } from './contract/sessions.ts'
import { openSqliteStore } from './sqlite.ts'
import { registryForm } from './sqlite/registry-form.ts'
import { SqliteFile } from './sqlite/sqlite-file.ts'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-migration-'))
  path = join(folder, 'registry.db')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A program of the first form, as it opens the file that is there. */
function firstProgram(): SqliteFile {
  return new SqliteFile(path, { ...registryForm, steps: registryForm.steps.slice(0, 1) })
}

/** What a program of the first form left behind: one claim, written with the columns and the checksum of that time. */
function writeFirstForm(): void {
  const file = firstProgram()
  const claim = ['of A', 1, 'claim', 'box', 'tcp', '*', 3000, 'A', 'box\na', 'workspace:/shop', 't0', null]
  file.write(
    (connection) => connection.run("INSERT INTO meta VALUES (1, 'u', 'box', 't0', 1)"),
    (connection) => {
      connection.run("INSERT INTO services VALUES (1, 'box\na', 'box', 'A', '', NULL, 0, 'reserved')")
      connection.run(
        `INSERT INTO allocations (id, fence, kind, host, protocol, address, port, service, service_key, owner, since,
         expires, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...claim,
        Bun.hash.crc32(JSON.stringify(claim)),
      )
    },
  )
  file.close()
}

test('a registry of the first form is read and goes on, its claims as they were', async () => {
  writeFirstForm()
  const store = openSqliteStore({ path, host: 'box' })
  expect((await store.read()).allocations).toEqual([
    {
      id: 'of A',
      fence: 1,
      kind: 'claim',
      host: 'box',
      protocol: 'tcp',
      address: '*',
      port: 3000,
      service: 'A',
      owner: 'workspace:/shop',
      since: 't0',
      expires: null,
    } as never,
  ])
  expect(await store.sessions()).toEqual([])
  await store.openSession(sessionOf('s'))
  await commit(store, hold('of A', 1, 's'), putService('B'), allocate('B', [3001]))
  expect((await store.read()).allocations).toMatchObject([{ session: 's', fence: 2 }, { port: 3001 }])
  await store.close()
})

test('a program of the first form leaves a registry of the second alone, also one that was upgraded while it had it open', async () => {
  writeFirstForm()
  const old = firstProgram()
  expect(old.read('', (connection) => JSON.stringify(connection.get('SELECT id FROM allocations')))).toBe(
    '{"id":"of A"}',
  )
  const store = openSqliteStore({ path, host: 'box' })
  await commit(store, putService('B'))
  await store.close()
  const newer = { code: 'newer-registry', facts: { version: 3, known: 1 } }
  for (const program of [old, firstProgram()]) {
    const reading = Promise.resolve().then(() => program.read(null, () => null))
    expect((await problemOf(reading)).report()).toMatchObject(newer)
    const writing = Promise.resolve().then(() =>
      program.write(
        () => undefined,
        () => null,
      ),
    )
    expect((await problemOf(writing)).report()).toMatchObject(newer)
  }
  old.close()
  const after = openSqliteStore({ path, host: 'box' })
  expect((await after.read()).services.map(({ name }) => name)).toEqual(['A', 'B'])
  await after.close()
})

test('what a claim bears is covered by its checksum', async () => {
  const store = openSqliteStore({ path, host: 'box' })
  await commit(store, putService('A'), allocate('A', [3000], { tokenHash: 'a'.repeat(64) }))
  await store.close()
  const raw = new Database(path)
  raw.run("UPDATE allocations SET token_hash = replace(token_hash, 'a', 'b')")
  raw.close()
  const damaged = openSqliteStore({ path, host: 'box' })
  expect((await problemOf(damaged.read())).code).toBe('corrupt')
  await damaged.close()
})
