import { expect, test } from 'bun:test'
import { linesWanted, timeOfLine } from './log-lines.ts'
import { isFull } from './log-rotation.ts'

test('the time of a line is read in the forms that programs write', () => {
  const noon = Date.parse('2026-11-25T12:00:00Z')
  for (const line of [
    '2026-11-25T12:00:00Z started',
    '2026-11-25T12:00:00.000+00:00 started',
    '[2026-11-25 13:00:00,000 +0100] started',
    '2026-11-25 12:00:00Z',
  ])
    expect([line, timeOfLine(line)]).toEqual([line, noon])
  for (const line of ['started at 2026-11-25T12:00:00Z', '2026-13-45T12:00:00Z x', '12:00:00 x', ''])
    expect([line, timeOfLine(line)]).toEqual([line, null])
})

test('lines without a time belong to the one before, and the word is looked for in each', () => {
  const lines = ['banner', '2026-11-25T11:00:00Z old', '  at old', '2026-11-25T12:00:00Z new error', '  at new']
  const since = Date.parse('2026-11-25T11:30:00Z')
  expect(linesWanted(lines, { grep: null, since })).toEqual(['banner', '2026-11-25T12:00:00Z new error', '  at new'])
  expect(linesWanted(lines, { grep: 'error', since })).toEqual(['2026-11-25T12:00:00Z new error'])
  expect(linesWanted(lines, { grep: 'at ', since: null })).toEqual(['  at old', '  at new'])
})

test('a log is full by its size, or by its age when it holds anything', () => {
  const day = 24 * 3600 * 1000
  expect(isFull({ size: 10 * 1024 * 1024, age: 0 })).toBe(true)
  expect(isFull({ size: 1, age: day })).toBe(true)
  expect([isFull({ size: 0, age: 9 * day }), isFull({ size: 1024, age: day - 1 })]).toEqual([false, false])
})
