import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { parseStat, readPids, readStat } from './stat.ts'

/** Of a `sleep` on Linux 6.18. */
const captured =
  '10463 (sleep) S 10458 10463 10460 34816 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 197430 180224 0 18446744073709551615 0 0 140731317129160'

test('reads a captured line', () => {
  expect(parseStat(captured)).toEqual({
    pid: 10_463,
    comm: 'sleep',
    parent: 10_458,
    group: 10_463,
    session: 10_460,
    terminal: true,
    kernel: false,
    start: 197_430,
    ended: false,
  })
})

test('tells threads of the kernel by their flag', () => {
  expect(parseStat(captured.replace(' 4194304 ', ' 2129984 '))?.kernel).toBe(true)
  expect(readStat(process.pid)?.kernel).toBe(false)
})

test('reads the numbers rightly whatever a process calls itself', () => {
  const expected = { ...parseStat(captured), comm: undefined }
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(') R 1 1 ('), fc.string({ maxLength: 15 }), fc.stringMatching(/^[() ZR1\n]{0,15}$/)),
      (comm) => {
        const stat = parseStat(captured.replace('sleep', () => comm))
        expect(stat?.comm).toBe(comm)
        expect({ ...stat, comm: undefined }).toEqual(expected)
      },
    ),
  )
})

test('counts a zombie as ended, but not where only the first thread has ended', () => {
  expect(parseStat(captured.replace(') S', ') Z'))?.ended).toBe(true)
  expect(parseStat(captured.replace(') S', ') X'))?.ended).toBe(true)
  expect(parseStat(captured.replace(') S', ') Z').replace(' 20 0 1 ', ' 20 0 3 '))?.ended).toBe(false)
})

test('finds nothing in other text', () => {
  for (const text of ['', '1', '1 (a', ') (', '1 (a) S 1 1']) expect(parseStat(text)).toBeNull()
})

test('knows no process that is gone', () => {
  expect(readStat(0)).toBeNull()
  expect(readPids()).toContain(process.pid)
})
