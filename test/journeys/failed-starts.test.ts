import { expect, test } from 'bun:test'
import { readFileSync, readdirSync } from 'node:fs'
import type { Logs } from '../../src/operations/logs.ts'
import { Person, binary, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person()

/** Every process on the machine that carries the person's home in its environment: what a failed start left behind. */
function leftBehind(): string[] {
  const marker = `HOME=${person.home}\0`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker)
          ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
          : []
      } catch {
        // It ended, or is somebody else's.
        return []
      }
    })
}

async function failedStart(command: string, ...more: string[]): Promise<{ code: number; err: string }> {
  const port = freePort()
  const result = await person.ports('start', 'Bad', String(port), command, ...more)
  expect((await person.json<{ services: unknown[] }>('list')).services).toEqual([])
  expect(leftBehind()).toEqual([])
  return { code: result.code, err: result.err.replaceAll(String(port), 'PORT') }
}

test('a command that ends early shows its last lines and its exit code', async () => {
  const { code, err } = await failedStart('echo first; echo last >&2; exit 7')
  expect(code).toBe(1)
  expect(err).toContain('Bad ended before it listened on PORT: exit code 7\n  | first\n  | last\n')
  expect(err).toMatch(/The whole log is \/.*\.log\n$/)
})

test('escapes that a failing command wrote do not reach the terminal', async () => {
  const { err } = await failedStart(`printf '\\033[2Jboom\\n'; exit 1`)
  expect(err).toContain('  | \\x1b[2Jboom')
})

test('a command that never listens is ended, with progress while it is waited for', async () => {
  const { code, err } = await failedStart('sleep 60', '--timeout', '1.5')
  expect(code).toBe(1)
  expect(err).toContain('waiting for Bad to listen on PORT, 1 s of 1.5')
  expect(err).toContain('Bad did not listen on PORT within 1.5 s and was ended')
})

test('a command that ignores PORT is told where it listened instead', async () => {
  const other = freePort()
  const { err } = await failedStart(serverCommand(String(other)), '--timeout', '2')
  expect(err).toContain(`it listened on ${other} instead`)
  expect(err).toContain('write {port} where the command takes the port')
})

test('children that went into a session of their own go with a failed start', async () => {
  await failedStart('setsid sleep 60 & sleep 60', '--timeout', '1')
})

test('a foreign listener that comes up on the port does not make a start succeed', async () => {
  const port = freePort()
  const starting = person.ports('start', 'Bad', String(port), 'sleep 60', '--timeout', '3')
  while (!leftBehind().some((command) => command.startsWith('sleep\0'))) await Bun.sleep(20)
  const server = Bun.serve({ port, fetch: () => new Response() })
  const { code, err } = await starting
  await server.stop(true)
  expect(code).toBe(1)
  expect(err).toContain('Bad did not listen on')
  expect(leftBehind()).toEqual([])
})

test('Ctrl-C during a start takes everything back and exits with 130', async () => {
  const port = freePort()
  const child = Bun.spawn([binary, 'start', 'Bad', String(port), 'sleep 60'], {
    env: person.environment,
    cwd: person.home,
    stderr: 'pipe',
  })
  while (!leftBehind().some((command) => command.startsWith('sleep\0'))) await Bun.sleep(20)
  process.kill(child.pid, 'SIGINT')
  expect(await child.exited).toBe(130)
  expect(await child.stderr.text()).toContain('the start of Bad was interrupted')
  expect(leftBehind()).toEqual([])
  expect((await person.json<{ services: unknown[] }>('list')).services).toEqual([])
})

test('PORT is set, {port} replaced, and quotes of the command stay what they are', async () => {
  const port = freePort()
  const command = `echo "it's $PORT and {port}" "$IZA_PORTS_SERVICE"; ${serverCommand()}`
  expect((await person.ports('start', `A "quoted" $(name) 'x'`, String(port), command)).code).toBe(0)
  const { logs } = await person.json<Logs>('logs', `A "quoted" $(name) 'x'`)
  expect(logs[0]?.lines[0]).toBe(`it's ${port} and ${port} A "quoted" $(name) 'x'`)
})

test('the last command is remembered, and a service that never had one says how to give it', async () => {
  const name = `A "quoted" $(name) 'x'`
  expect((await person.ports('stop', name)).code).toBe(0)
  expect((await person.ports('start', name)).code).toBe(0)
  expect((await person.ports('stop', name)).code).toBe(0)
  await person.ports('reserve', 'New', String(freePort()))
  const { code, err } = await person.ports('start', 'New')
  expect([code, err]).toEqual([2, expect.stringContaining('Give the command once: ports start "New"')])
})
