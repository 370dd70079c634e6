import { expect, test } from 'bun:test'
import { openMachine } from './index.ts'

test('opens this machine', () => {
  expect(openMachine('linux').self().pid).toBe(process.pid)
})

test('says so where the system is not one that it knows', () => {
  for (const system of ['freebsd', '']) {
    expect(() => openMachine(system)).toThrow('does not work on')
  }
})

test('ends nothing where a pid is all that is known of a process', async () => {
  const machine = openMachine('win32')
  const [somebody] = [machine.self()]
  await expect(machine.signal(somebody, 'KILL')).rejects.toThrow('does not work on win32')
  await expect(machine.processes()).rejects.toThrow('does not work on win32')
})
