import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Ps } from '../../src/operations/ps.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson, until } from '../supervisor.fixture.ts'

/** Everything alive that was started from the person's home. */
function alive(person: SupervisedPerson): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const marked = readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(`HOME=${person.home}\0`)
        return marked ? [readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ')].filter(Boolean) : []
      } catch {
        return []
      }
    })
}

/** Ways in which a server leaves the process that was started: each listens at last, and nothing of it is where it was begun. */
const ways: Readonly<Record<string, (server: string) => string>> = {
  'a daemon with a session of its own': (server) => `setsid sh -c '${server} & exit' & sleep 0.2`,
  'a daemon of a daemon': (server) => `(setsid sh -c "setsid sh -c '${server} & :' & :" &) ; sleep 0.2`,
  'a server beside a helper that left': (server) => `setsid sleep 600 & exec ${server}`,
}

const script = `#!/bin/sh\nexec ${serverCommand()}\n`

for (const [way, command] of Object.entries(ways)) {
  test(`${way} is the service, and ends with it`, async () => {
    const person = new SupervisedPerson()
    await Bun.write(join(person.home, 'serve'), script)
    await person.run(['chmod', '+x', 'serve'])
    const port = freePort()
    const started = await person.ports('start', 'Web', String(port), command('./serve'))
    expect(started.code, started.err).toBe(0)
    await Bun.sleep(400)
    const state = async () => (await person.json<Ps>('ps')).services[0]
    expect(await state()).toMatchObject({ state: 'running', wanted: true })
    expect((await person.ports('status')).out).toMatch(/Web +active/)
    expect(await person.json('start', 'Web')).toMatchObject({ outcome: 'already-running' })
    expect((await person.ports('stop', 'Web')).code).toBe(0)
    expect(alive(person)).toEqual([])

    expect((await person.ports('start', 'Web')).code).toBe(0)
    await Bun.sleep(400)
    const { ports } = await person.json<Kill>('kill', String(port))
    expect(ports).toMatchObject([{ outcome: 'freed' }])
    expect(alive(person)).toEqual([])
    expect(await state()).toMatchObject({ state: 'ended', wanted: false })
  })
}

test('a server that is killed is started again however soon it is killed, and its workers, which would serve on, go with it', async () => {
  const person = new SupervisedPerson()
  const port = freePort()
  await Bun.write(
    join(person.home, 'serve.mjs'),
    `const server = Bun.listen({ hostname: '127.0.0.1', port: Number(process.env.PORT), socket: { data() {} } })
     Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore', Reflect.get(server, 'fd')] })
     setInterval(() => {}, 1e6)`,
  )
  const words = ['--command', `exec "${process.execPath}" serve.mjs`, '--port', String(port), '--restart', 'always']
  expect((await person.ports('edit', 'Web', ...words)).code).toBe(0)
  expect((await person.ports('up', 'Web')).code).toBe(0)
  await Bun.sleep(700)
  const supervisor = person.serve()
  // Once as one that was taken over, once as a child of the supervisor.
  for (const times of [1, 2]) {
    const [, pid] = await supervisor.says(new RegExp(`(?:Web listens on \\d+ \\(pid (\\d+)\\)[^]*){${times}}`))
    process.kill(Number(pid), 'SIGKILL')
    await supervisor.says(new RegExp(`(?:Web ended[^]*){${times}}`))
  }
  await supervisor.says(/(?:Web listens on[^]*){3}/)
  expect(alive(person).filter((command) => command.startsWith('sleep'))).toHaveLength(1)
  expect((await person.ports('down')).code).toBe(0)
  await supervisor.kill()
  expect(alive(person)).toEqual([])
})

test('a supervisor takes a daemon for what it is: up, and started again once it is gone', async () => {
  const person = new SupervisedPerson()
  await Bun.write(join(person.home, 'serve'), script)
  await person.run(['chmod', '+x', 'serve'])
  const port = freePort()
  const command = ways['a daemon with a session of its own']?.('./serve') ?? ''
  const words = ['--command', command, '--port', String(port), '--restart', 'always']
  expect((await person.ports('edit', 'Web', ...words)).code).toBe(0)
  expect((await person.ports('up', 'Web')).code).toBe(0)
  const supervisor = person.serve()
  await supervisor.says(/Web is adopted/)
  await Bun.sleep(2500)
  expect(supervisor.said).not.toContain('Web ended')
  const [pid = 0] = (await person.json<Ps>('ps')).services[0]?.pids ?? []
  process.kill(pid, 'SIGKILL')
  await supervisor.says(/Web ended[^]*Web listens on/)
  await until(async () => (await person.json<Ps>('ps')).services[0]?.pids.some((now) => now !== pid), 'another process')
  expect((await person.ports('down')).code).toBe(0)
  await supervisor.kill()
  expect(alive(person)).toEqual([])
})
