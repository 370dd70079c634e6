import { afterAll, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessIdentity } from '../core/listener.ts'
import { port } from '../core/port.ts'
import { runVariable } from '../core/run.ts'
import type { Announced } from '../core/run.ts'
import { systemClock } from '../machine/clock.ts'
import { openMachine } from '../machine/index.ts'
import { openJournal } from '../store/journal.ts'
import { halt } from './halt.ts'
import { currentRun } from './runs.ts'
import type { World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'iza-ports-runs-'))
const machine = await openMachine(process.platform)
const children: Bun.Subprocess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let world: World
beforeEach(() => {
  const journal = openJournal({ path: join(folder, `${crypto.randomUUID()}.db`) })
  const witness = { cgroupOf: () => Promise.resolve(null) }
  world = { journal, machine, witness, clock: systemClock(() => 'boot') } as unknown as World
})

function announcedRun(id: string): Announced {
  const where = { command: 'x', cwd: '/', log: '/dev/null', startedAt: 'now', endedAt: null, ending: null }
  return { id, service: 'Web', protocol: 'tcp', port: port(3000), ...where }
}

/** A process with a session of its own that carries the run's mark, as a starter leaves it that is killed before it has told of it. */
async function foundling(id: string): Promise<ProcessIdentity> {
  const child = Bun.spawn(['sleep', '600'], {
    env: { [runVariable]: id },
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  children.push(child)
  for (;;) {
    const row = (await machine.processes()).find(({ pid }) => pid === child.pid)
    if (row && (await machine.environmentOf(row, runVariable)) === id) return row
  }
}

test('a process whose starter was killed before it told of it is found by its mark, and can be ended as a run', async () => {
  const id = crypto.randomUUID()
  await world.journal.begin(announcedRun(id))
  const { boot, pid, start } = await foundling(id)
  const current = await currentRun(world, 'web')
  expect(current?.run.process).toEqual({ boot, pid, start })
  expect((await world.journal.runs({ unended: true })).map(({ process }) => process)).toEqual([{ boot, pid, start }])
  expect(await world.journal.announced('Web')).toEqual([])
  const call = { cwd: '/', environment: {}, signal: new AbortController().signal, progress: () => {} }
  expect((await halt(world, 'Web', { signal: 'TERM', seconds: 5 }, call))?.ended).toEqual([pid])
  expect(await machine.alive({ boot, pid, start })).toBe(false)
})

test('a start that never had a process never began', async () => {
  await world.journal.begin(announcedRun('1'))
  expect(await currentRun(world, 'Web')).toBeNull()
  expect([await world.journal.announced('Web'), await world.journal.runs({})]).toEqual([[], []])
})

test('a start is left alone while its starter lives, and written off when it does not', async () => {
  const starter = await foundling('another run')
  await world.journal.takeTurn('Web', starter, null)
  await world.journal.begin(announcedRun('1'))
  expect(await currentRun(world, 'Web')).toBeNull()
  expect((await world.journal.announced('Web')).map(({ id }) => id)).toEqual(['1'])
  await machine.signal(starter, 'KILL')
  while (await machine.alive(starter)) await Bun.sleep(5)
  expect(await currentRun(world, 'Web')).toBeNull()
  expect(await world.journal.announced('Web')).toEqual([])
})

test('a start that counts only while the service is wanted is not written down after it was stopped', async () => {
  await world.journal.want('Web', true)
  expect(await world.journal.begin(announcedRun('1'), true)).toBe(true)
  await world.journal.want('Web', false)
  expect(await world.journal.begin(announcedRun('2'), true)).toBe(false)
  expect((await world.journal.announced('Web')).map(({ id }) => id)).toEqual(['1'])
})

test('a setback is over with the next start, and when nobody wants the service any more', async () => {
  const setback = { service: 'Web', phase: 'failed', ends: 8, why: 'ended with exit code 1', at: 'now' } as const
  await world.journal.want('Web', true)
  await world.journal.note('Web', setback)
  expect(await world.journal.setbacks()).toEqual([setback])
  await world.journal.begin(announcedRun('1'))
  expect(await world.journal.setbacks()).toEqual([])
  await world.journal.note('Web', setback)
  await world.journal.want('Web', false)
  expect(await world.journal.setbacks()).toEqual([])
})
