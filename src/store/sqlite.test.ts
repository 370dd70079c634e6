import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allocate, commit, problemOf, putRange, putService } from './contract/changes.ts'
import { openSqliteStore } from './sqlite.ts'
import type { SqliteStore } from './sqlite.ts'

let folder = ''
let path = ''
const opened: SqliteStore[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-sqlite-'))
  path = join(folder, 'registry.db')
})

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(place = path): SqliteStore {
  const store = openSqliteStore({ path: place, host: 'box' })
  opened.push(store)
  return store
}

/** A registry with one service on 3000, closed again. */
async function makeRegistry(place = path): Promise<void> {
  const store = open(place)
  await commit(
    store,
    putRange('Web', 3000, 3099),
    putService('A'),
    allocate('A', [3000], { owner: 'the owner of this port' }),
  )
  await store.close()
}

describe('a file that is not there', () => {
  test('reads as an empty registry, and reading makes nothing', async () => {
    const store = open(join(folder, 'a', 'registry.db'))
    expect((await store.read()).revision).toBe(0)
    expect(store.hostAtCreation()).toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })

  test('is made by the first commit with its folders, for the owner alone, and keeps the name of its host', async () => {
    const place = join(folder, 'a', 'b', 'registry.db')
    const store = open(place)
    await commit(store, putService('A'))
    const modes = [join(folder, 'a'), join(folder, 'a', 'b'), place, `${place}-wal`, `${place}-shm`].map(
      (file) => statSync(file).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600, 0o600])
    expect(openSqliteStore({ path: place, host: 'renamed' }).hostAtCreation()).toBe('box')
  })

  test('has everything in itself once it is closed, and an empty log beside it', async () => {
    await makeRegistry()
    const left = readdirSync(folder).toSorted((a, b) => a.localeCompare(b))
    expect(left).toEqual(['registry.db', 'registry.db-shm', 'registry.db-wal'])
    expect(statSync(`${path}-wal`).size).toBe(0)
  })
})

describe('a file that is not a registry of ours', () => {
  const files: Record<string, () => void> = {
    garbage: () => writeFileSync(path, 'x'.repeat(8192)),
    'a short text': () => writeFileSync(path, 'hello\n'),
    empty: () => writeFileSync(path, ''),
    'another program’s SQLite file': () => new Database(path).run('CREATE TABLE mine (a)'),
  }
  for (const [name, make] of Object.entries(files)) {
    test(`is refused and left as it is: ${name}`, async () => {
      make()
      const before = readFileSync(path)
      const store = open()
      const problem = await problemOf(store.read())
      expect(problem.code).toBe('corrupt')
      expect(problem.message).toContain(path)
      expect((await problemOf(commit(store, putService('A')))).code).toBe('corrupt')
      expect(readFileSync(path).equals(before)).toBe(true)
    })
  }

  test('gets what was added since when an older version wrote it', async () => {
    await makeRegistry()
    const raw = new Database(path)
    raw.run('DROP TABLE rulings')
    raw.run('DROP TABLE sessions')
    for (const column of ['begun_boot', 'begun_at', 'token_hash', 'session', 'standing'])
      raw.run(`ALTER TABLE allocations DROP COLUMN ${column}`)
    raw.run('PRAGMA user_version = 1')
    raw.close()
    const ruling = { host: null, rule: 'x', about: null, level: 'off', why: '', when: null } as const
    const store = open()
    expect((await store.read()).rulings).toEqual([])
    await commit(store, { do: 'put-ruling', ruling })
    expect((await store.read()).rulings).toEqual([ruling])
  })

  test('is refused when a newer version wrote it', async () => {
    await makeRegistry()
    const raw = new Database(path)
    raw.run('PRAGMA user_version = 9')
    raw.close()
    expect((await problemOf(open().read())).report()).toMatchObject({
      code: 'newer-registry',
      facts: { version: 9, known: 3 },
    })
    expect((await problemOf(commit(open(), putService('B')))).code).toBe('newer-registry')
  })

  test('is unavailable when it is a folder, or lies in a file', async () => {
    mkdirSync(path)
    expect((await problemOf(open().read())).code).toBe('unavailable')
    writeFileSync(join(folder, 'file'), '')
    expect((await problemOf(commit(open(join(folder, 'file', 'registry.db')), putService('A')))).code).toBe(
      'unavailable',
    )
  })
})

describe('a damaged file', () => {
  test('is refused when its end is cut off, wherever', async () => {
    await makeRegistry()
    const size = statSync(path).size
    for (const length of [1, 50, 100, 512, 4096, 5000, size / 2, size - 4096, size - 1]) {
      const cut = join(folder, `${length}.db`)
      copyFileSync(path, cut)
      truncateSync(cut, length)
      expect([length, (await problemOf(open(cut).read())).code]).toEqual([length, 'corrupt'])
      expect((await problemOf(commit(open(cut), putService('B')))).code).toBe('corrupt')
    }
  })

  test('is refused when a byte of an allocation is another, naming the row', async () => {
    await makeRegistry()
    const bytes = readFileSync(path)
    const owner = Buffer.from('the owner of this port')
    // The log of commits holds the words too, between quotes.
    let place = bytes.indexOf(owner)
    while (bytes[place - 1] === 0x22) place = bytes.indexOf(owner, place + 1)
    bytes[place] = 0x54
    writeFileSync(path, bytes)
    const problem = await problemOf(open().read())
    expect(problem.code).toBe('corrupt')
    expect(problem.message).toContain('the allocation of 3000/tcp to A')
    expect((await problemOf(commit(open(), putService('B'), allocate('B', [3000])))).code).toBe('corrupt')
  })

  test('never shows a wrong allocation, whichever byte is another', async () => {
    const store = open()
    for (let index = 0; index < 30; index++)
      await commit(store, putService(`S${index}`), allocate(`S${index}`, [3000 + index]))
    const right = new Set((await store.read()).allocations.map((allocation) => JSON.stringify(allocation)))
    await store.close()
    const bytes = readFileSync(path)
    const seed = Date.now() % 9973
    console.log(`flipped bytes: from ${seed}`)
    for (let place = seed % 97; place < bytes.length; place += 97) {
      const flipped = Buffer.from(bytes)
      flipped[place] = (flipped[place] ?? 0) ^ 0x41
      const copy = join(folder, 'flipped.db')
      writeFileSync(copy, flipped)
      const damaged = openSqliteStore({ path: copy, host: 'box' })
      const shown = await damaged.read().then(
        ({ allocations }) => allocations.map((allocation) => JSON.stringify(allocation)),
        (error: unknown) => problemOf(Promise.reject(error)).then(() => []),
      )
      await damaged.close()
      expect([place, shown.filter((allocation) => !right.has(allocation))]).toEqual([place, []])
    }
  })
})

describe('a file that goes while it is open', () => {
  const events: Record<string, () => void | Promise<void>> = {
    deleted: () => rmSync(path),
    'its log deleted': () => rmSync(`${path}-wal`),
    'the index of its log deleted': () => rmSync(`${path}-shm`),
    'replaced by another registry': async () => {
      await makeRegistry(join(folder, 'other.db'))
      renameSync(join(folder, 'other.db'), path)
    },
    'overwritten with another registry’s content': () => {
      const raw = new Database(path)
      raw.run("UPDATE meta SET uuid = 'another'")
      raw.close()
    },
  }
  for (const [name, happen] of Object.entries(events)) {
    test(`is neither read nor written any more: ${name}`, async () => {
      const store = open()
      await commit(store, putService('A'))
      await happen()
      expect((await problemOf(commit(store, putService('B')))).code).toBe('store-replaced')
      expect((await problemOf(store.read())).code).toBe('store-replaced')
    })
  }

  test('does nothing to the log when it is closed: it may be another registry’s by then', async () => {
    const store = open()
    await commit(store, putService('A'))
    rmSync(path)
    const log = readFileSync(`${path}-wal`)
    await store.close()
    expect(log.length).toBeGreaterThan(0)
    expect(readFileSync(`${path}-wal`)).toEqual(log)
  })

  test('acknowledges no commit that was written into a deleted file', async () => {
    const store = open()
    await commit(store, putService('A'))
    const late = {
      id: 'late',
      at: '',
      // The store looks at the changes after its first check of the file.
      get changes() {
        rmSync(path, { force: true })
        return [putService('B')]
      },
    }
    expect((await problemOf(store.commit(late))).code).toBe('store-replaced')
  })

  test('ends a watcher with the reason', async () => {
    const store = open()
    await commit(store, putService('A'))
    const watching = (async () => {
      for await (const { revision } of store.watch(0, new AbortController().signal)) if (revision === 1) rmSync(path)
    })()
    expect((await problemOf(watching)).code).toBe('store-replaced')
  })

  test('is a new registry for who opens it then', async () => {
    await commit(open(), putService('A'))
    for (const part of ['', '-wal', '-shm']) rmSync(path + part)
    expect((await open().read()).revision).toBe(0)
    expect((await commit(open(), putService('B'))).revision).toBe(1)
  })
})

test('takes a restored backup, which is not in WAL mode, and puts it into WAL mode', async () => {
  await makeRegistry()
  const backup = join(folder, 'backup.db')
  const raw = new Database(path)
  raw.run('VACUUM INTO ?', [backup])
  raw.close()
  chmodSync(backup, 0o600)
  const store = open(backup)
  expect((await store.read()).revision).toBe(1)
  await commit(store, putService('B'))
  expect(existsSync(`${backup}-wal`)).toBe(true)
  expect((await store.read()).services.map(({ name }) => name)).toEqual(['A', 'B'])
})

test('refuses in the tables what the decision should never let through', async () => {
  await makeRegistry()
  const raw = new Database(path)
  raw.run('PRAGMA foreign_keys = ON')
  const columns = 'host, protocol, address, port, fence, kind, service, service_key, since, checksum'
  const insert = (id: string, port: number, key: string): void =>
    void raw.run(
      `INSERT INTO allocations (id, ${columns}) VALUES (?, 'box', 'tcp', '*', ?, 1, 'claim', 'A', ?, '', 0)`,
      [id, port, key],
    )
  expect(() => insert('twice', 3000, 'box\na')).toThrow('UNIQUE')
  expect(() => insert('of A', 3001, 'box\na')).toThrow('UNIQUE')
  expect(() => insert('nobody', 3001, 'box\nnobody')).toThrow('FOREIGN KEY')
  expect(() => insert('port', 65536, 'box\na')).toThrow('CHECK')
  raw.close()
})

test('cuts its log back after a large commit, so that it does not keep the disk for ever', async () => {
  const store = open()
  await commit(store, putService('A', { description: 'x'.repeat(20_000_000) }))
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(20_000_000)
  for (const description of ['a', 'b']) await commit(store, putService('A', { description }))
  expect(statSync(`${path}-wal`).size).toBeLessThan(9_000_000)
})
