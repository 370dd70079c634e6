import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOf } from './children/run.ts'
import { startChild, until } from './children/start.ts'
import { commit, problemOf } from './contract/changes.ts'
import { keptRuns, openJournal } from './journal.ts'
import { openSqliteStore } from './sqlite.ts'

let folder = ''
let path = ''
let journal: ReturnType<typeof openJournal>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-journal-'))
  path = join(folder, 'state', 'journal.db')
  journal = openJournal({ path })
})

afterEach(async () => {
  await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

test('has no runs and makes no file before the first one begins', async () => {
  expect(await journal.runs({})).toEqual([])
  await journal.end('nobody', { code: 0, signal: null }, 'later')
  expect(existsSync(path)).toBe(false)
  await journal.begin(runOf('1'))
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('gives runs back as they were, newest first', async () => {
  const runs = [runOf('1'), runOf('2', { service: 'API 🚀', protocol: 'udp', command: "it's; -- {port}" })]
  for (const run of runs) await journal.begin(run)
  expect(await journal.runs({})).toEqual(runs.toReversed())
})

test('finds the runs of a service however its name is written, and those that have not ended', async () => {
  for (const [id, service] of Object.entries({ 1: 'Shop', 2: 'API', 3: 'Shop (Resolved)' }))
    await journal.begin(runOf(id, { service }))
  await journal.end('1', { code: 1, signal: null }, 'later')
  const ids = async (query: Parameters<typeof journal.runs>[0]): Promise<string[]> =>
    (await journal.runs(query)).map(({ id }) => id)
  expect(await ids({ service: 'SHOP' })).toEqual(['3', '1'])
  expect(await ids({ unended: true })).toEqual(['3', '2'])
  expect(await ids({ service: 'shop', unended: true })).toEqual(['3'])
})

test('records an end once', async () => {
  await journal.begin(runOf('1'))
  await journal.end('1', { code: null, signal: 'SIGTERM' }, 'later')
  await journal.end('1', { code: 0, signal: null }, 'much later')
  expect(await journal.runs({})).toEqual([runOf('1', { endedAt: 'later', ending: { code: null, signal: 'SIGTERM' } })])
})

test('keeps the newest ended runs and every one that has not ended', async () => {
  await journal.begin(runOf('the eldest still runs'))
  for (let index = 0; index < keptRuns + 5; index++) {
    await journal.begin(runOf(`${index}`))
    await journal.end(`${index}`, { code: 0, signal: null }, 'later')
  }
  const ids = (await journal.runs({})).map(({ id }) => id)
  expect(ids).toHaveLength(keptRuns + 1)
  expect(ids.slice(-2)).toEqual(['5', 'the eldest still runs'])
}, 30_000)

test('keeps every acknowledged run of programs that are killed', async () => {
  const said = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => {
      const child = startChild('journal-writer', path, name)
      await until(() => child.said.length > 30, child)
      child.kill()
      return child.ended
    }),
  )
  const kept = new Map((await journal.runs({})).map((run) => [run.id, run]))
  expect(said.flat().length).toBeGreaterThan(120)
  expect(said.flat().filter((one) => 'begun' in one && !kept.has(one.begun))).toEqual([])
  expect(said.flat().filter((one) => 'ended' in one && kept.get(one.ended)?.endedAt !== 'later')).toEqual([])
}, 30_000)

test('refuses garbage, a registry, and a file that was deleted while it was open', async () => {
  await journal.begin(runOf('1'))
  rmSync(path)
  expect((await problemOf(journal.begin(runOf('2')))).code).toBe('store-replaced')
  const registry = join(folder, 'registry.db')
  const store = openSqliteStore({ path: registry, host: 'box' })
  await commit(store)
  await store.close()
  expect((await problemOf(openJournal({ path: registry }).runs({}))).code).toBe('corrupt')
  const garbage = join(folder, 'garbage')
  writeFileSync(garbage, 'x'.repeat(4096))
  expect((await problemOf(openJournal({ path: garbage }).runs({}))).code).toBe('corrupt')
})

test('keeps what was seen of each registry by itself, in its order and as it was', async () => {
  const seen = (id: string, at: number) => ({ of: 'claim', id, mark: 7, moment: { boot: 'b', at } }) as const
  const session = { of: 'session', id: 's', mark: 0, moment: { boot: 'b', at: 0.25 } } as const
  expect(await journal.sightings('one')).toEqual([])
  await journal.keepSightings('one', [seen('z', 1), session, seen('a', 300_000.75)])
  await journal.keepSightings('two', [seen('z', 5)])
  await journal.keepSightings('two', [])
  expect(await journal.sightings('two')).toEqual([])
  const other = openJournal({ path })
  expect(await other.sightings('one')).toEqual([seen('z', 1), session, seen('a', 300_000.75)])
  await other.close()
})
