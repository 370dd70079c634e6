import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readFileSync, readlinkSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isProblem } from '../../core/problem.ts'
import type { Start, Started } from '../../operations/world.ts'
import { linuxMachine } from '../linux.ts'
import { cleanUp, cleanUpAfterEach, run, temporaryFolder, until } from '../live.fixture.ts'

const machine = linuxMachine()
cleanUpAfterEach()

async function spawn(
  folder: string,
  command: Start['command'],
  environment: Record<string, string> = { PATH: '/usr/bin:/bin' },
): Promise<Started> {
  const started = await machine.spawn({
    command,
    cwd: folder,
    environment,
    log: join(folder, 'logs', 'run.log'),
    memory: null,
  })
  cleanUp(async () => {
    await machine.signal(started.process, 'KILL')
    await started.ended
  })
  return started
}

test('starts a program as the leader of a session of its own, with nothing to read', async () => {
  const { process: child } = await spawn(temporaryFolder(), ['sleep', '60'])
  const row = await until(
    async () => (await machine.processes()).find(({ pid, name }) => pid === child.pid && name === 'sleep'),
    'it runs',
  )
  expect(row).toMatchObject({ ...child, session: child.pid, group: child.pid, terminal: false, parent: process.pid })
  expect(readlinkSync(`/proc/${child.pid}/fd/0`)).toBe('/dev/null')
})

test('appends both outputs to a log that only its owner may read', async () => {
  const folder = temporaryFolder()
  for (const word of ['one', 'two']) {
    const { ended } = await spawn(folder, ['sh', '-c', `echo ${word}; echo ${word} failed >&2`])
    expect(await ended).toEqual({ code: 0, signal: null })
  }
  const log = join(folder, 'logs', 'run.log')
  expect(readFileSync(log, 'utf8')).toBe('one\none failed\ntwo\ntwo failed\n')
  expect(statSync(log).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700)
})

test('gives the same mask for new files whoever starts it, and keeps our own', async () => {
  const folder = temporaryFolder()
  const before = process.umask(0o077)
  try {
    await (
      await spawn(folder, ['sh', '-c', 'umask'])
    ).ended
    expect(process.umask()).toBe(0o077)
  } finally {
    process.umask(before)
  }
  expect(readFileSync(join(folder, 'logs', 'run.log'), 'utf8')).toMatch(/^0*22\n$/)
})

test('gives exactly the environment and the folder that it is told', async () => {
  const folder = temporaryFolder()
  await (
    await spawn(folder, ['env'], { PATH: '/usr/bin:/bin', PORT: '3000', 'a.b': '=\n' })
  ).ended
  await (
    await spawn(folder, ['pwd', '-P'])
  ).ended
  expect(readFileSync(join(folder, 'logs', 'run.log'), 'utf8')).toBe(
    `PATH=/usr/bin:/bin\nPORT=3000\na.b==\n\n${realpathSync(folder)}\n`,
  )
})

test('passes arguments without a shell', async () => {
  const folder = temporaryFolder()
  const { ended } = await spawn(folder, ['printf', '%s|', '$HOME', 'a b', '', `'"`])
  await ended
  expect(readFileSync(join(folder, 'logs', 'run.log'), 'utf8')).toBe(`$HOME|a b||'"|`)
})

test('tells how it ended', async () => {
  const folder = temporaryFolder()
  expect(await (await spawn(folder, ['sh', '-c', 'exit 7'])).ended).toEqual({ code: 7, signal: null })
  const started = await spawn(folder, ['sleep', '60'])
  await machine.signal(started.process, 'TERM')
  expect(await started.ended).toEqual({ code: null, signal: 'SIGTERM' })
  expect(await machine.alive(started.process)).toBe(false)
})

test('lets us exit while the program runs on', async () => {
  const folder = temporaryFolder()
  const program = `
    const { linuxMachine } = await import(process.argv[1])
    const start = { command: ['sleep', '60'], cwd: '/', environment: { PATH: '/usr/bin:/bin' }, log: process.argv[2], memory: null }
    console.log(JSON.stringify((await linuxMachine().spawn(start)).process))`
  const parent = run([
    process.execPath,
    '-e',
    program,
    join(import.meta.dir, '..', 'linux.ts'),
    join(folder, 'run.log'),
  ])
  const child: Started['process'] = JSON.parse(await new Response(parent.stdout).text())
  cleanUp(async () => await machine.signal(child, 'KILL'))
  expect(await parent.exited).toBe(0)
  expect(await machine.alive(child)).toBe(true)
})

test('says why a program could not be started', async () => {
  const folder = temporaryFolder()
  const plain = join(folder, 'plain')
  writeFileSync(plain, '#!/bin/sh\n')
  chmodSync(plain, 0o644)
  mkdirSync(join(folder, 'run.log'))
  const start: Start = {
    command: ['true'],
    cwd: folder,
    environment: { PATH: '/usr/bin:/bin' },
    log: join(folder, 'logs', 'a.log'),
    memory: null,
  }
  const cases: [Partial<Start>, string][] = [
    [{ command: ['no-such-program', 'x'] }, 'there is no program no-such-program'],
    [{ command: ['./nothing'] }, 'there is no program ./nothing'],
    [{ command: [plain] }, `${plain} may not be executed`],
    [{ cwd: join(folder, 'missing') }, `there is no folder ${join(folder, 'missing')}`],
    [{ cwd: plain }, `there is no folder ${plain}`],
    [{ log: join(folder, 'run.log') }, `its log ${join(folder, 'run.log')} cannot be written`],
  ]
  for (const [change, why] of cases) {
    const error: unknown = await machine.spawn({ ...start, ...change }).then(
      () => null,
      (problem: unknown) => problem,
    )
    expect(isProblem(error, 'spawn-failed') && error.facts.why).toBe(why)
  }
})

test('a program that ends at once still has an identity', async () => {
  const folder = temporaryFolder()
  for (let time = 0; time < 20; time++) {
    const { process: child, ended } = await spawn(folder, ['true'])
    expect(child.start).toBeGreaterThan(0)
    await ended
  }
})

test('lets a program write to no more memory than it may have', async () => {
  const folder = temporaryFolder()
  const words: Start['command'] = ['sh', '-c', 'ulimit -d; exec "$0"', 'true']
  const log = join(folder, 'memory.log')
  const started = await machine.spawn({
    command: words,
    cwd: folder,
    environment: { PATH: '/usr/bin:/bin' },
    log,
    memory: 64 * 2 ** 20,
  })
  expect(await started.ended).toEqual({ code: 0, signal: null })
  expect(readFileSync(log, 'utf8')).toBe(`${64 * 1024}\n`)
})
