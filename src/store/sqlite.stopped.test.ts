import { afterEach, beforeEach, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild, until } from './children/start.ts'
import type { Child } from './children/start.ts'
import { commit, problemOf, putService } from './contract/changes.ts'
import { openSqliteStore } from './sqlite.ts'
import type { SqliteStore } from './sqlite.ts'
import { writerIn } from './sqlite/lock-holder.ts'

let folder = ''
let store: SqliteStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-stopped-'))
  store = openSqliteStore({ path: join(folder, 'registry.db'), host: 'box' })
  await commit(store, putService('A', { description: 'first' }))
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

/** A program that has stopped itself in the midst of a change, or between two. */
async function stopped(where: 'within' | 'between'): Promise<Child> {
  const child = startChild('stopper', join(folder, 'registry.db'), where)
  await until(() => child.said.length > 0, child)
  child.go()
  await until(() => child.said.includes('stops') && isStopped(child.pid), child)
  return child
}

function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

const descriptions = async (): Promise<string[]> => (await store.read()).services.map(({ description }) => description)

test('a writer that is stopped in the midst of a change keeps nobody from reading, and who would write is told its pid', async () => {
  const child = await stopped('within')
  expect(await descriptions()).toEqual(['first'])
  const problem = await problemOf(commit(store, putService('B')))
  expect(problem.report()).toMatchObject({
    code: 'busy',
    message: expect.stringContaining(`(pid ${child.pid}, which is stopped) for 8 s, and nothing was changed`),
    hint: `Let it go on (kill -CONT ${child.pid}) or end it, and try again.`,
  })
  expect(await descriptions()).toEqual(['first'])
  process.kill(child.pid, 'SIGCONT')
  await child.ended
  await commit(store, putService('B'))
  expect(await descriptions()).toEqual(['last', ''])
}, 60_000)

test('a change that is cut off by the end of a stopped writer has not happened', async () => {
  const child = await stopped('within')
  child.kill()
  await child.ended
  expect(await descriptions()).toEqual(['first'])
  await commit(store, putService('B'))
  expect(await descriptions()).toEqual(['first', ''])
}, 60_000)

test('a writer that is stopped between two changes keeps nobody from anything', async () => {
  const child = await stopped('between')
  expect(await descriptions()).toEqual(['whole'])
  await commit(store, putService('B'))
  expect(await descriptions()).toEqual(['whole', ''])
  process.kill(child.pid, 'SIGCONT')
  await child.ended
  expect(await descriptions()).toEqual(['last', 'last'])
}, 60_000)

test('who writes is read from the locks of the file and of its log', () => {
  const lines = (...ends: string[]) => ends.map((end, index) => `${index + 1}: ${end}`).join('\n')
  const index = 'POSIX  ADVISORY  WRITE 42 fe:01:77'
  for (const [locks, pid] of [
    [
      lines('FLOCK  ADVISORY  WRITE 9 fe:01:66 0 EOF', 'POSIX  ADVISORY  READ 8 fe:01:77 120 120', `${index} 120 120`),
      42,
    ],
    [lines(`${index} 123 123`, `${index} 128 128`), null],
    [lines('-> POSIX  ADVISORY  WRITE 42 fe:01:77 120 120'), null],
    [lines('POSIX  ADVISORY  WRITE 0 fe:01:77 120 120'), null],
    [lines('POSIX  ADVISORY  WRITE 42 00:2e:66 1073741825 1073741825'), 42],
    [lines('POSIX  ADVISORY  WRITE 42 fe:01:666 0 EOF'), null],
    ['', null],
    ['nonsense\n\n1:', null],
  ] as const)
    expect(writerIn(locks, '66', '77')).toBe(pid)
})
