import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibc } from '../machine/native/libc.ts'
import { lines, openWriterQueue } from '../machine/native/writer-queue.ts'
import { waitingIn } from '../machine/native/writer-queue.fixture.ts'
import { startChild, startTogether, until } from './children/start.ts'
import { commit, problemOf, putService } from './contract/changes.ts'
import { times } from './history/length.ts'
import { newSeed } from './history/random.ts'
import { settle } from './history/settle.ts'
import { storm } from './history/storm.ts'
import { startWatcher } from './history/watcher.ts'
import { openSqliteStore } from './sqlite.ts'
import type { SqliteStore } from './sqlite.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'iza-ports-processes-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const eight = Array.from({ length: 8 }, (_, index) => index)

test('lets eight programs start at once where nothing is yet, and all get a distinct port', async () => {
  for (let round = 0; round < 5; round++) {
    const path = join(folder, `${round}`, 'deep', 'registry.db')
    const said = await startTogether(eight.map((index) => startChild('racer', path, `racer ${index}`)))
    expect(said.flat().toSorted(byPort)).toEqual(eight.map((index) => ({ port: 3000 + index })))
    const left = await readdir(join(folder, `${round}`, 'deep'))
    expect(left.toSorted((a, b) => a.localeCompare(b))).toEqual(['registry.db', 'registry.db-shm', 'registry.db-wal'])
  }
}, 60_000)

test('gives distinct ports to eight programs that race for the same candidates, half of them in no queue', async () => {
  const path = join(folder, 'registry.db')
  const queue = (index: number): string => (index % 2 ? 'alone' : 'queue')
  const said = await startTogether(
    eight.map((index) => startChild('racer', path, `racer ${index}`, '50', queue(index))),
  )
  expect(said.flat().toSorted(byPort)).toEqual(Array.from({ length: 400 }, (_, index) => ({ port: 3000 + index })))
}, 60_000)

test('waits for its turn to write, and only to write', async () => {
  const path = join(folder, 'registry.db')
  const turns: bigint[] = []
  const store = openSqliteStore({
    path,
    host: 'box',
    inTurn: (inode, work) => {
      turns.push(inode)
      return work()
    },
  })
  await commit(store, putService('A'))
  await commit(store, putService('B'))
  await store.read()
  const { ino } = statSync(path, { bigint: true })
  expect(turns).toEqual([ino, ino])
  await store.close()
})

test('writes although the turn is never given to it: a queue is a courtesy', async () => {
  const path = join(folder, 'registry.db')
  const store = openSqliteStore({ path, host: 'box' })
  await commit(store, putService('A'))
  const { ino } = statSync(path, { bigint: true })
  const libc = openLibc()
  const queue = libc && openWriterQueue(libc, 60_000)
  if (!queue) throw new Error('the kernel gives no queue')
  const line = Number(ino % BigInt(lines))
  expect(queue.enter(line)).toBe(true)
  const child = startChild('racer', path, 'racer')
  await until(() => child.said.length > 0, child)
  child.go()
  await until(() => waitingIn(line) > 0, child)
  expect((await child.ended).slice(1)).toEqual([{ port: 3000 }])
  queue.leave(line)
  await store.close()
}, 60_000)

test('is brought to a later form once, by whichever of eight programs is first', async () => {
  for (let round = 0; round < 3; round++) {
    const path = join(folder, `${round}.db`)
    const store = openSqliteStore({ path, host: 'box' })
    await commit(store, putService('A'))
    const said = await startTogether(eight.map(() => startChild('migrator', path)))
    expect(said).toEqual(eight.map(() => [{ later: 0 }]))
    expect((await problemOf(store.read())).report()).toMatchObject({
      code: 'newer-registry',
      facts: { version: 4, known: 3 },
    })
    await store.close()
  }
}, 60_000)

test('reads one revision while another program writes', async () => {
  const path = join(folder, 'registry.db')
  const child = startChild('writer', path, 'writer')
  await until(() => child.said.length > 0, child)
  const store = openSqliteStore({ path, host: 'box' })
  const revisions = new Set<number>()
  while (revisions.size < 200) {
    const { revision, services, allocations } = await store.read()
    revisions.add(revision)
    // The store reads without a pause: what the writer says has to be taken off its pipe, or it stops.
    await Bun.sleep(0)
    const names = new Set(services.map(({ name }) => name))
    expect(allocations.filter(({ service, fence }) => !names.has(service) || fence > revision)).toEqual([])
  }
  child.kill()
  await child.ended
  await store.close()
}, 30_000)

test('keeps every acknowledged commit of eight writers through a storm of kills at random moments', async () => {
  const seed = newSeed()
  const kills = 100
  const total = { kills: 0, acknowledged: 0, unanswered: 0, happened: 0 }
  for (let round = 0; round < times(1, 10); round++) {
    const path = join(folder, `storm ${round}.db`)
    const open = (): SqliteStore => openSqliteStore({ path, host: 'box' })
    const stores = [open(), open()] as const
    const watcher = startWatcher(stores[0])
    const attempts = await storm(path, kills, seed + 100 * round)
    const { acknowledged, unanswered, happened, revision } = await settle(stores[1], attempts, watcher)
    expect(acknowledged).toBeGreaterThan(kills / 10)
    for (const store of stores) await store.close()
    total.kills += kills
    total.acknowledged += acknowledged
    total.unanswered += unanswered
    total.happened += happened
    const raw = new Database(path)
    expect(raw.query('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    expect(raw.query('SELECT max(revision) AS newest FROM commits').get()).toEqual({ newest: revision })
    raw.close()
  }
  console.log(
    `SQLite: ${total.kills} writers killed, ${total.acknowledged} commits acknowledged, ` +
      `${total.unanswered} without an answer of which ${total.happened} had happened; nothing lost, doubled or refused wrongly`,
  )
}, 1_200_000)

function byPort(a: unknown, b: unknown): number {
  return portOf(a) - portOf(b)
}

function portOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'port' in value ? Number(value.port) : Number.NaN
}
