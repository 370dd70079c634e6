import { afterAll, afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyAddress } from '../core/address.ts'
import type { Listener } from '../core/listener.ts'
import { port } from '../core/port.ts'
import { openJournal } from '../store/journal.ts'
import { history } from './history.ts'
import { lastOwners } from './last-owners.ts'
import { HistoryRecorder } from './record-history.ts'
import type { World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'iza-ports-recorder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let journal: ReturnType<typeof openJournal>
let now: { boot: string; at: number; wall: string }
/** A real journal, with a clock and a count of the machine that the test turns. */
let world: World

beforeEach(() => {
  journal = openJournal({ path: join(folder, `${crypto.randomUUID()}.db`) })
  now = { boot: 'a', at: 1_000_000, wall: '2026-11-25T12:00:00Z' }
  world = {
    journal,
    clock: { now: () => new Date(now.wall), moment: () => ({ boot: now.boot, at: now.at }) },
    newId: () => crypto.randomUUID(),
  } as unknown as World
})
afterEach(async () => await journal.close())

function turn(seconds: number, wall: string): void {
  now = { ...now, at: now.at + seconds * 1000, wall: `2026-11-25T${wall}Z` }
}

function listener(pid: number): Listener {
  const shown = { name: 'node', command: `node ${pid}`, cwd: null, user: 'me', startedAt: null }
  const place = { protocol: 'tcp', family: 6, address: anyAddress, port: port(3000), uid: 1000, user: 'me' } as const
  return { ...place, inode: pid, holders: [{ boot: 'a', pid, start: pid, session: pid, ...shown }] }
}

async function whoAt(time: string): Promise<{ pids: (number | null)[]; watched: string | undefined }> {
  const asked = { port: port(3000), at: `2026-11-25T${time}Z`, lines: 50 }
  const { owners, at } = await history.run(world, asked, undefined as never)
  return { pids: owners.map(({ pid }) => pid), watched: at?.watched }
}

test('a clock that is set back changes no span, and each time that it shows is found', async () => {
  const recorder = await HistoryRecorder.begin(world, [])
  turn(10, '12:00:10')
  await recorder.look([listener(1)], [])
  turn(60, '11:00:00')
  await recorder.look([listener(1)], [])
  turn(30, '11:00:30')
  await recorder.look([], [])
  turn(30, '11:01:00')
  await recorder.look([listener(2)], [])
  turn(30, '11:01:30')
  await recorder.end()
  const [second, first] = await lastOwners(world, port(3000))
  expect(first).toMatchObject({ pid: 1, milliseconds: 90_000, seenToEnd: true })
  expect([first?.from, first?.until]).toEqual(['2026-11-25T12:00:10.000Z', '2026-11-25T11:00:30.000Z'])
  expect(second).toMatchObject({ pid: 2, milliseconds: null, seenToBegin: true })
  expect(await whoAt('12:00:20')).toEqual({ pids: [1], watched: 'none' })
  expect(await whoAt('11:00:10')).toEqual({ pids: [1], watched: 'all' })
  expect(await whoAt('11:01:10')).toEqual({ pids: [2], watched: 'all' })
})

test('who went while nobody watched was last seen when somebody did', async () => {
  const first = await HistoryRecorder.begin(world, [listener(1), listener(2)])
  turn(30, '12:00:30')
  await first.end()
  turn(3600, '13:00:30')
  await HistoryRecorder.begin(world, [listener(2), listener(3)])
  const owners = await lastOwners(world, port(3000))
  expect(owners.map(({ pid, seenToBegin, seenToEnd, until }) => [pid, seenToBegin, seenToEnd, until])).toEqual([
    [3, false, false, null],
    [2, false, false, null],
    [1, false, false, '2026-11-25T12:00:30.000Z'],
  ])
  expect(await whoAt('12:30:00')).toEqual({ pids: [2], watched: 'none' })
})

test('a machine that was started anew ends what was open', async () => {
  await HistoryRecorder.begin(world, [listener(1)])
  now = { boot: 'b', at: 5000, wall: '2026-11-25T14:00:00Z' }
  await HistoryRecorder.begin(world, [])
  expect(await lastOwners(world, port(3000))).toMatchObject([{ pid: 1, until: '2026-11-25T12:00:00.000Z' }])
})

test('writes nothing while nothing changes, and once a minute that the watch goes on', async () => {
  const same = [listener(1)]
  let written = -1
  const real = journal
  const counting = { ...world, journal: { history: async (query: object) => real.history(query), record: count } }
  async function count(...entry: Parameters<typeof real.record>): Promise<void> {
    written++
    await real.record(...entry)
  }
  const recorder = await HistoryRecorder.begin(counting as unknown as World, same)
  for (let second = 1; second <= 125; second++) {
    turn(1, `12:0${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}`)
    await recorder.look(same, [])
  }
  expect(written).toBe(2)
})
