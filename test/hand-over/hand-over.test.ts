import { afterAll, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Board } from '../../src/operations/board.ts'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Ps } from '../../src/operations/ps.ts'
import type { Who } from '../../src/operations/who.ts'
import { times } from '../../src/store/history/length.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson, until } from '../supervisor.fixture.ts'

/** A server of Node that takes the socket that it is handed, as any program does that systemd may start: descriptor 3, where the variables are for this very process. */
const taker = (more = ''): string =>
  `exec node -e 'if (Number(process.env.LISTEN_PID) !== process.pid || process.env.LISTEN_FDS !== "1") process.exit(9); ${more}; require("node:http").createServer((_, answer) => answer.end(String(process.pid))).listen({ fd: 3 })'`

async function ask(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text()
}

async function thieves(port: number, count: number): Promise<() => Promise<number>> {
  const all = Array.from({ length: count }, () =>
    Bun.spawn([process.execPath, join(import.meta.dir, 'thief.ts'), String(port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  afterAll(() => all.forEach((thief) => thief.kill('SIGKILL')))
  const readers = all.map((thief) => thief.stdout.getReader())
  const decoder = new TextDecoder()
  for (const reader of readers) await reader.read()
  return async () => {
    for (const thief of all) await thief.stdin.end()
    const had = await Promise.all(readers.map(async (reader) => Number(decoder.decode((await reader.read()).value))))
    return had.reduce((sum, one) => sum + one, 0)
  }
}

const restarts = times(25, 1000)

test(`a port that is handed over is never free, in ${restarts} restarts among thieves`, async () => {
  const person = new SupervisedPerson()
  const port = freePort()
  const started = await person.ports('start', 'Web', String(port), taker(), '--hand-over')
  expect(started.code, started.err).toBe(0)
  const first = await ask(port)
  const end = await thieves(port, 3)
  let failed = 0
  for (let turn = 0; turn < restarts; turn++) if ((await person.ports('restart', 'Web')).code !== 0) failed++
  const had = await end()
  console.log(`${restarts} restarts, ${failed} failed (EADDRINUSE), a thief had the port ${had} times`)
  expect([failed, had]).toEqual([0, 0])
  expect(await ask(port)).not.toBe(first)
  expect((await person.ports('stop', 'Web')).code).toBe(0)
  expect((await person.ports('wait', String(port), '--for', 'free', '--timeout', '2s')).code).toBe(0)
}, 3_600_000)

test('who connects while it is down is served by the next one', async () => {
  const person = new SupervisedPerson()
  const port = freePort()
  const words = ['--command', taker(), '--port', String(port), '--hand-over', 'yes', '--restart', 'always']
  expect((await person.ports('edit', 'Web', ...words)).err).toBe('')
  expect((await person.ports('up')).code).toBe(0)
  const before = await ask(port)
  process.kill(Number(before), 'SIGKILL')
  await until(() => !existsSync(`/proc/${before}/exe`), 'it has ended')
  // Nobody is there, and the port is not free.
  const state = async () => (await person.json<Board>('status')).services[0]
  expect(await state()).toMatchObject({ verdict: 'silent', holders: [] })
  expect((await person.json<Board>('status')).strays.filter((one) => one.port === port)).toEqual([])
  expect((await person.json<Who>('who', String(port))).ports[0]?.holders).toMatchObject([
    { command: expect.stringContaining(`ports: keeps ${port} for Web`) },
  ])
  expect((await person.ports('wait', String(port), '--timeout', '300ms')).code).toBe(1)
  const taken = await person.ports('start', 'Other', String(port), serverCommand())
  expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('belongs to Web')])
  const waiting = ask(port)
  const supervisor = person.serve()
  await supervisor.says(/Web listens on/)
  const after = await waiting
  expect(after).not.toBe(before)
  expect(await state()).toMatchObject({ verdict: 'active' })
  // A supervisor that ends takes no socket along.
  await supervisor.kill()
  expect(await ask(port)).toBe(after)
  expect((await person.ports('down')).code).toBe(0)
  expect((await person.ports('wait', String(port), '--for', 'free', '--timeout', '2s')).code).toBe(0)
})

test('killing its port gives the socket up as well, and a move takes the service to a new one', async () => {
  const person = new SupervisedPerson()
  const [port, next] = [freePort(), freePort()]
  expect((await person.ports('start', 'Web', String(port), taker(), '--hand-over')).code).toBe(0)
  expect((await person.ports('move', 'Web', String(next))).code).toBe(0)
  expect((await person.ports('restart', 'Web')).code).toBe(0)
  expect(await ask(next)).toMatch(/^\d+$/)
  expect((await person.ports('wait', String(port), '--for', 'free', '--timeout', '2s')).code).toBe(0)
  const dry = await person.ports('kill', String(next), '--dry-run')
  expect(dry.out).toContain('give up the socket that is kept for Web')
  const { ports } = await person.json<Kill>('kill', String(next))
  expect(ports).toMatchObject([{ outcome: 'freed', acts: [{ by: 'signals' }, { by: 'keeper' }] }])
  expect((await person.json<Ps>('ps')).services[0]).toMatchObject({ state: 'ended', wanted: false })
})

test('a program that binds the port itself is told how to take its socket, and the port is given up', async () => {
  const person = new SupervisedPerson()
  const port = freePort()
  const { code, err } = await person.ports('start', 'Web', String(port), serverCommand(), '--hand-over')
  expect(code).toBe(1)
  expect(err).toContain(`Web did not take the socket on ${port} that it was handed, and ended`)
  expect(err).toContain('Have it listen on descriptor 3')
  expect((await person.ports('wait', String(port), '--for', 'free', '--timeout', '2s')).code).toBe(0)
  expect((await person.json<{ services: unknown[] }>('list')).services).toEqual([])
})
