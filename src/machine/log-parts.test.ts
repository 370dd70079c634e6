import { afterAll, expect, test } from 'bun:test'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogFollower } from '../operations/follow-log.ts'
import type { World } from '../operations/world.ts'
import { localFiles } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'iza-ports-parts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const files = localFiles({ logs: folder, services: join(folder, 'services.yaml') })
const journal = { mark: () => Promise.resolve(0), runs: () => Promise.resolve([]) }
const world = { files, journal } as unknown as World

function follower(log: string): LogFollower {
  return new LogFollower(world, { service: 'A', log, startedAt: '', lines: [], end: 0, part: 0 })
}

test('a log is cut while its program goes on writing, and a follower sees every line that is kept, once', async () => {
  const log = join(folder, 'written.log')
  const count = 3000
  const script = `for (let i = 0; i < ${count}; i++) { console.log("line " + i); if (i % 20 === 0) await Bun.sleep(1) }`
  writeFileSync(log, '', { mode: 0o600 })
  const writer = Bun.spawn(['sh', '-c', `"${process.execPath}" -e '${script}' >> "${log}"`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const follow = follower(log)
  const seen: string[] = []
  for (let writing = true; writing;) {
    writing = writer.exitCode === null
    await Bun.sleep(1)
    if (statSync(log).size > 4000) await files.rotate(log, 100)
    seen.push(...(await follow.look()))
  }
  seen.push(...(await follow.look()))
  const parts = await files.parts(log)
  const kept = [...parts.map(({ path }) => path), log].map((path) => readFileSync(path, 'utf8')).join('')
  const all = Array.from({ length: count }, (_, index) => `line ${index}`)
  expect(parts.length).toBeGreaterThan(2)
  expect(statSync(parts[0]?.path ?? '').mode & 0o777).toBe(0o600)
  // A line written in the microseconds of a cut is the one loss that is promised; what is kept and what is seen must be the same.
  expect(seen).toEqual(kept.trimEnd().split('\n'))
  expect(all.length - seen.length).toBeLessThan(parts.length + 1)
})

test('the newest parts are kept, and what a killed rotation left becomes a part', async () => {
  const log = join(folder, 'many.log')
  for (let turn = 1; turn <= 4; turn++) {
    appendFileSync(log, `turn ${turn}\n`)
    await files.rotate(log, 2)
  }
  expect((await files.parts(log)).map(({ number }) => number)).toEqual([3, 4])
  writeFileSync(`${log}.rotating`, 'left\n')
  appendFileSync(log, 'turn 5\n')
  await files.rotate(log, 2)
  const parts = await files.parts(log)
  expect(parts.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['left\n', 'turn 5\n'])
  expect([existsSync(`${log}.rotating`), readFileSync(log, 'utf8')]).toEqual([false, ''])
})

test('a log that a person empties by hand is followed from its beginning', async () => {
  const log = join(folder, 'emptied.log')
  writeFileSync(log, 'one\ntwo\n')
  const follow = follower(log)
  expect(await follow.look()).toEqual(['one', 'two'])
  writeFileSync(log, 'new\n')
  const seen: string[] = []
  for (let look = 0; look < 10; look++) seen.push(...(await follow.look()))
  expect(seen).toEqual(['new'])
})

test('a log that is not there cannot be cut, and nothing is left beside it', async () => {
  const log = join(folder, 'nothing.log')
  expect(await files.size(log)).toBeNull()
  const error: unknown = await files.rotate(log, 2).catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'file-unwritable' })
  expect(existsSync(`${log}.rotating`)).toBe(false)
})
