import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Down } from '../../src/operations/down.ts'
import type { Ps } from '../../src/operations/ps.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson, until } from '../supervisor.fixture.ts'

async function keep(person: SupervisedPerson, name: string, command: string, ...more: string[]): Promise<number> {
  const port = freePort()
  const words = ['--command', command, '--port', String(port), '--restart', 'always', ...more]
  expect((await person.ports('edit', name, ...words)).err).toBe('')
  return port
}

async function stateOf(person: SupervisedPerson, name: string): Promise<Ps['services'][number]> {
  const found = (await person.json<Ps>('ps')).services.find(({ service }) => service === name)
  if (!found) throw new Error(`${name} is not in ports ps`)
  return found
}

/** A server with something before or beside it. No quote of the shell stands in it. */
const serves = (before: string): string => `exec ${serverCommand('process.env.PORT', before)}`

test('one that ignores TERM and one with workers that do are forced after their time, and nothing of them is left', async () => {
  const person = new SupervisedPerson()
  const deaf = `process.on("SIGTERM", () => {})`
  const worker = `require("node:child_process").spawn(process.execPath, ["-e", "process.on(\\"SIGTERM\\", () => {}); setInterval(() => {}, 1000)"])`
  await keep(person, 'Deaf', serves(deaf), '--stop-timeout', '1s')
  await keep(person, 'Forks', serves(`${worker}; ${worker}`), '--stop-timeout', '1s')
  const supervisor = person.serve()
  expect((await person.ports('up')).code).toBe(0)
  await supervisor.says(/Deaf is adopted[^]*Forks is adopted|Forks is adopted[^]*Deaf is adopted/)
  const forks = await until(async () => {
    const { pids } = await stateOf(person, 'Forks')
    return pids.length === 3 ? pids : null
  }, 'two workers')
  const { services } = await person.json<Down>('down')
  expect(new Set(services.map(({ outcome, forced }) => [outcome, forced].join(' ')))).toEqual(new Set(['ended true']))
  expect(forks.filter((pid) => existsSync(`/proc/${pid}/exe`))).toEqual([])
  expect(await stateOf(person, 'Forks')).toMatchObject({ state: 'ended', signal: 'KILL', pids: [] })
})

test('one that closes its output is up all the same, one that never listens and one that listens and dies are told', async () => {
  const person = new SupervisedPerson()
  await keep(person, 'Mute', serves('require("node:fs").closeSync(1); require("node:fs").closeSync(2)'))
  await keep(person, 'Idle', 'exec sleep 600')
  expect((await person.ports('edit', 'Idle', '--start-period', '1s')).err).toBe('')
  await keep(person, 'Dies', serves('setTimeout(() => process.exit(3), 300)'))
  const supervisor = person.serve()
  expect((await person.ports('up', 'Mute')).code).toBe(0)
  expect((await stateOf(person, 'Mute')).state).toBe('running')
  const idle = await person.ports('up', 'Idle')
  expect([idle.code, idle.out]).toEqual([1, expect.stringContaining('did not listen')])
  expect((await stateOf(person, 'Idle')).pids).toEqual([])
  expect((await person.ports('up', 'Dies')).code).toBe(0)
  await supervisor.says(/Dies ended with exit code 3[^]*Dies is started again in 0\.5 s/)
  expect((await stateOf(person, 'Dies')).wanted).toBe(true)
  expect((await person.ports('down')).code).toBe(0)
  for (const name of ['Mute', 'Dies']) expect((await stateOf(person, name)).state).toBe('ended')
})

test('one that writes without end fills no disk: its log and what is kept of it stay bounded, and it goes on', async () => {
  const person = new SupervisedPerson()
  const write = `const big = "x".repeat(65535) + "\\n"; setInterval(() => { for (let i = 0; i < 40; i++) require("node:fs").writeSync(1, big) }, 100)`
  await keep(person, 'Loud', serves(write))
  const supervisor = person.serve()
  expect((await person.ports('up')).code).toBe(0)
  await supervisor.says(/Loud is adopted/)
  const log = (await stateOf(person, 'Loud')).log ?? ''
  const folder = join(log, '..')
  await until(() => existsSync(`${log}.4`), 'four parts')
  const total = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  expect(total).toBeLessThan(400 * 2 ** 20)
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${supervisor.pid}/status`, 'utf8'))?.[1])
  expect(memory).toBeLessThan(200_000)
  expect((await person.ports('down')).code).toBe(0)
})

const mayMount = process.getuid?.() === 0

test.skipIf(!mayMount)(
  'a disk that logs fill ends nothing: services and supervisor go on, and there is room again (needs root)',
  async () => {
    const person = new SupervisedPerson()
    const data = join(person.home, '.local/share/iza-ports')
    await person.run(['mkdir', '-p', join(data, 'logs')])
    const mounted = await person.run(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', join(data, 'logs')])
    expect(mounted.code, mounted.err).toBe(0)
    try {
      const note = join(person.home, 'fill')
      const write = `const fs = require("node:fs"); const big = "x".repeat(65535) + "\\n"; setInterval(() => { if (fs.existsSync("${note}")) try { for (;;) fs.writeSync(1, big) } catch {} }, 100)`
      const port = await keep(person, 'Loud', serves(write))
      const supervisor = person.serve()
      expect((await person.ports('up')).code).toBe(0)
      await supervisor.says(/Loud is adopted/)
      const before = await stateOf(person, 'Loud')
      writeFileSync(note, '')
      const room = (): number => {
        const { bavail, bsize } = statfsSync(join(data, 'logs'))
        return bavail * bsize
      }
      await until(() => room() === 0, 'the disk is full')
      const { log } = before
      // It is told to be quiet, and what it wrote is cut.
      await person.run(['rm', note])
      await until(() => room() > 12 * 2 ** 20, 'there is room again')
      expect(statSync(log ?? '').size).toBeGreaterThan(0)
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello')
      expect(await stateOf(person, 'Loud')).toMatchObject({ state: 'running', startedAt: before.startedAt })
      expect((await person.ports('down')).code).toBe(0)
      expect(await supervisor.kill('SIGTERM')).toBe(0)
    } finally {
      await person.run(['umount', '--lazy', join(data, 'logs')])
    }
  },
)
