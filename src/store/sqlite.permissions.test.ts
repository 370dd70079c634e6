import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './children/start.ts'
import { allocate, commit, problemOf, putService } from './contract/changes.ts'
import { openSqliteStore } from './sqlite.ts'
import type { SqliteStore } from './sqlite.ts'

let folder = ''
let path = ''
let store: SqliteStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-permissions-'))
  path = join(folder, 'registry.db')
  store = openSqliteStore({ path, host: 'box' })
  await commit(store, putService('A'), allocate('A', [3000]))
})

afterEach(async () => {
  chmodSync(folder, 0o755)
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What somebody may do who may read file and folder but write neither. As root, another user; else we ourselves without the rights. */
async function visit(): Promise<unknown> {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
  chmodSync(folder, 0o555)
  return (await startChild('stranger', path).ended)[0]
}

describe('somebody who may only read', () => {
  test('reads a registry that nobody has open, and cannot write it', async () => {
    await store.close()
    expect(await visit()).toEqual({ read: 1, commit: 'read-only' })
  })

  test('reads one beside which there is no log, and makes none', async () => {
    await store.close()
    for (const part of ['-wal', '-shm']) rmSync(path + part)
    expect(await visit()).toEqual({ read: 1, commit: 'read-only' })
    expect(readdirSync(folder)).toEqual(['registry.db'])
  })

  test('reads the newest commits of a registry that somebody writes', async () => {
    await commit(store, putService('B'))
    expect(await visit()).toEqual({ read: 2, commit: 'read-only' })
    await commit(store, putService('C'))
  })

  test('is told when the newest commits are out of reach, instead of seeing old ones', async () => {
    const copy = join(folder, 'copy')
    mkdirSync(copy)
    for (const part of ['', '-wal']) copyFileSync(path + part, join(copy, `registry.db${part}`))
    await store.close()
    for (const part of ['', '-wal', '-shm']) rmSync(path + part)
    for (const part of ['', '-wal']) copyFileSync(join(copy, `registry.db${part}`), path + part)
    rmSync(copy, { recursive: true })
    expect(await visit()).toEqual({ read: 'unavailable', commit: 'read-only' })
  })

  test('sees an empty registry where there is none', async () => {
    await store.close()
    rmSync(path)
    expect(await visit()).toEqual({ read: 0, commit: 'read-only' })
  })
})

test('a look by root leaves the registry to its owner, the log that it makes too', async () => {
  const root = process.getuid?.() === 0
  const owner = root ? 65534 : (process.getuid?.() ?? 0)
  await store.close()
  for (const part of ['-wal', '-shm']) rmSync(path + part)
  if (root) for (const each of [folder, path]) chownSync(each, owner, 65534)
  const looking = openSqliteStore({ path, host: 'box' })
  await looking.read()
  await looking.close()
  expect(['-wal', '-shm'].map((part) => statSync(path + part).uid)).toEqual([owner, owner])
  expect((await startChild('stranger', path).ended)[0]).toEqual({ read: 1, commit: 2 })
})

test('who may not even read is told so', async () => {
  await store.close()
  chmodSync(path, 0o000)
  chmodSync(folder, 0o555)
  const [said] = await startChild('stranger', path).ended
  expect(said).toEqual({ read: 'unavailable', commit: 'read-only' })
})

describe('a full disk', () => {
  // Only root can mount a small one. Elsewhere nothing of the kind can be had without filling the real disk.
  const small = join(tmpdir(), `iza-ports-small-${process.pid}`)
  const mount = (): boolean => {
    mkdirSync(small, { recursive: true })
    return (
      process.getuid?.() === 0 && Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small]).success
    )
  }
  const mounted = process.platform === 'linux' && mount()
  const filler = join(small, 'filler')

  afterEach(() => {
    for (const name of mounted ? readdirSync(small) : []) rmSync(join(small, name), { recursive: true })
  })

  test.skipIf(!mounted)('refuses the first commit and leaves nothing behind', async () => {
    fillUp(filler)
    const full = openSqliteStore({ path: join(small, 'registry.db'), host: 'box' })
    expect((await problemOf(commit(full, putService('A')))).code).toBe('disk-full')
    expect(readdirSync(small)).toEqual(['filler'])
    rmSync(filler)
    expect((await commit(full, putService('A'))).revision).toBe(1)
    await full.close()
  })

  test.skipIf(!mounted)(
    'refuses commits, loses nothing, can be read, and takes commits again once there is room',
    async () => {
      const place = join(small, 'registry.db')
      const full = openSqliteStore({ path: place, host: 'box' })
      await commit(full, putService('A'), allocate('A', [3000]))
      fillUp(filler)
      const long = putService('B', { description: 'x'.repeat(100_000) })
      expect((await problemOf(commit(full, long))).code).toBe('disk-full')
      expect((await full.read()).services.map(({ name }) => name)).toEqual(['A'])
      await full.close()
      fillUp(filler)
      const again = openSqliteStore({ path: place, host: 'box' })
      expect((await again.read()).services.map(({ name }) => name)).toEqual(['A'])
      expect((await problemOf(commit(again, long))).code).toBe('disk-full')
      rmSync(filler)
      expect((await commit(again, long)).revision).toBe(2)
      await again.close()
    },
  )

  afterAll(() => {
    // A file that is still open keeps it busy: this also finds connections that were not closed after a failure.
    if (mounted) expect(Bun.spawnSync(['umount', small]).exitCode).toBe(0)
    rmSync(small, { recursive: true, force: true })
  })
})

/** Appends until nothing more goes in. */
function fillUp(filler: string): void {
  for (let block = 65_536; block >= 1; block = block > 1 ? block / 2 : 0) {
    try {
      for (;;) writeFileSync(filler, new Uint8Array(block), { flag: 'a' })
    } catch {
      if (!statSync(filler).isFile()) throw new Error('nothing was written')
    }
  }
}
