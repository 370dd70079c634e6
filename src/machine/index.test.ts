import { expect, test } from 'bun:test'
import { openMachine } from './index.ts'

test('opens this machine', async () => {
  expect((await openMachine('linux')).self().pid).toBe(process.pid)
})

test('says so where the system is not one that it knows', async () => {
  for (const system of ['freebsd', '']) {
    expect(await openMachine(system).catch(String)).toContain('does not work on')
  }
})

test('ends nothing where a pid is all that is known of a process', async () => {
  const machine = await openMachine('win32')
  const said = async (asked: Promise<unknown>): Promise<string> => String(await asked.catch((error: unknown) => error))
  expect(await said(machine.signal(machine.self(), 'KILL'))).toContain('does not work on win32')
  expect(await said(machine.processes())).toContain('does not work on win32')
  // The board asks this of every run: one of another boot has ended.
  expect(await machine.alive({ boot: 'another', pid: process.pid, start: 0 })).toBe(false)
})
