import { expect, test } from 'bun:test'
import { openMachine } from './index.ts'

test('opens this machine', () => {
  expect(openMachine('linux').self().pid).toBe(process.pid)
})

test('says so where the system is not one that it knows', () => {
  for (const system of ['darwin', 'win32', '']) {
    expect(() => openMachine(system)).toThrow('does not work on')
  }
})
