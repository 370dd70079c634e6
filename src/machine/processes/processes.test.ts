import { expect, test } from 'bun:test'
import { basename } from 'node:path'
import type { ProcessIdentity } from '../../core/listener.ts'
import { linuxMachine } from '../linux.ts'
import { bothWays, cleanUpAfterEach, firstLine, run, until } from '../live.fixture.ts'

const machine = linuxMachine()
cleanUpAfterEach()

async function rowOf(wanted: number) {
  return (await machine.processes()).find(({ pid }) => pid === wanted)
}

async function identityOf(pid: number): Promise<ProcessIdentity> {
  const { boot, start } = await until(async () => await rowOf(pid), 'the process is there')
  return { boot, pid, start }
}

const idle = 'setInterval(() => {}, 1000)'

test('shows a process with its parent, group, session and arguments', async () => {
  const command = [process.execPath, '-e', idle, 'a  b', '']
  const child = run(command)
  const row = await until(async () => await rowOf(child.pid), 'it is there')
  const own = await rowOf(process.pid)
  expect(row).toMatchObject({
    parent: process.pid,
    group: own?.group,
    session: own?.session,
    uid: process.geteuid?.(),
    arguments: command,
  })
})

test('shows ourselves as the table does', async () => {
  const self = machine.self()
  expect(self.pid).toBe(process.pid)
  expect(await rowOf(process.pid)).toMatchObject({ ...self, name: basename(process.execPath) })
  expect(await machine.alive(self)).toBe(true)
})

test('a process that ended and was not waited for neither is alive nor stands in the table', async () => {
  // The shell becomes a program that never waits for the child that the shell has left to it.
  const parent = run(['sh', '-c', 'sleep 60 & echo $!; exec sleep 60'])
  const pid = Number(await firstLine(parent.stdout))
  const identity = await identityOf(pid)
  await until(async () => (await rowOf(parent.pid))?.name === 'sleep', 'the shell is gone')
  expect(await machine.signal(identity, 'KILL')).toBe('sent')
  await until(async () => (await Bun.file(`/proc/${pid}/stat`).text()).includes(') Z '), 'it is a zombie')
  expect(await machine.alive(identity)).toBe(false)
  expect(await rowOf(pid)).toBeUndefined()
  expect(await machine.signal(identity, 'KILL')).toBe('gone')
})

test('reads a variable of the environment that a process was started with', async () => {
  const child = run(['sleep', '60'], { environment: { IZA_PORTS_SERVICE: 'Übung = 1', IZA_PORTS_SERVICE_2: 'no' } })
  const identity = await identityOf(child.pid)
  expect(await machine.environmentOf(identity, 'IZA_PORTS_SERVICE')).toBe('Übung = 1')
  expect(await machine.environmentOf(identity, 'IZA_PORTS')).toBeNull()
  expect(await machine.environmentOf({ ...identity, start: identity.start + 1 }, 'IZA_PORTS_SERVICE')).toBeNull()
})

bothWays('signals', () => {
  test('end the process that is meant', async () => {
    const child = run(['sleep', '60'])
    const identity = await identityOf(child.pid)
    expect(await machine.signal(identity, 'TERM')).toBe('sent')
    await child.exited
    expect(child.signalCode).toBe('SIGTERM')
    expect(await machine.alive(identity)).toBe(false)
    expect(await machine.signal(identity, 'KILL')).toBe('gone')
  })

  test('force a process that does not listen to the first', async () => {
    const child = run([process.execPath, '-e', `process.on('SIGTERM', () => {}); console.log('ready'); ${idle}`])
    await firstLine(child.stdout)
    const identity = await identityOf(child.pid)
    expect(await machine.signal(identity, 'TERM')).toBe('sent')
    expect(await machine.alive(identity)).toBe(true)
    expect(await machine.signal(identity, 'KILL')).toBe('sent')
    await child.exited
    expect(child.signalCode).toBe('SIGKILL')
  })

  test.each([
    ['another start time', { start: 1 }],
    ['another boot', { boot: '00000000-0000-0000-0000-000000000000' }],
  ])('never reach a process of the same pid and %s', async (_, other) => {
    const child = run(['sleep', '60'])
    const identity = await identityOf(child.pid)
    expect(await machine.signal({ ...identity, ...other }, 'KILL')).toBe('gone')
    expect(await machine.alive({ ...identity, ...other })).toBe(false)
    expect(await machine.signal(identity, 'TERM')).toBe('sent')
    await child.exited
    expect(child.signalCode).toBe('SIGTERM')
  })

  test('to a pid that nobody has find it gone', async () => {
    // One more than the greatest pid there can be, proc_sys_kernel(5). Not 0 or -1: were a check ever missing, those would signal
    // whole groups.
    expect(await machine.signal({ ...machine.self(), pid: 2 ** 22 + 1 }, 'KILL')).toBe('gone')
  })
})
