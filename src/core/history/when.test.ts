import { expect, test } from 'bun:test'
import { parseWhen } from './when.ts'

const now = new Date(2026, 10, 25, 10, 30, 15)
const local = (...parts: [number, number, number, number?, number?, number?]): number => {
  const [year, month, date, hours = 0, minutes = 0, seconds = 0] = parts
  return new Date(year, month - 1, date, hours, minutes, seconds).getTime()
}

test.each([
  ['10:05', local(2026, 11, 25, 10, 5), 60_000],
  ['9:05', local(2026, 11, 25, 9, 5), 60_000],
  ['14:05', local(2026, 11, 24, 14, 5), 60_000],
  ['14:05:30', local(2026, 11, 24, 14, 5, 30), 1000],
  ['yesterday 14:05', local(2026, 11, 24, 14, 5), 60_000],
  ['2026-11-20 14:05', local(2026, 11, 20, 14, 5), 60_000],
  ['2026-11-20T14:05:07', local(2026, 11, 20, 14, 5, 7), 1000],
  ['2026-11-20T14:05:07.250Z', Date.UTC(2026, 10, 20, 14, 5, 7), 1000],
  ['2026-11-20T14:05+02:00', Date.UTC(2026, 10, 20, 12, 5), 60_000],
  ['Yesterday', local(2026, 11, 24), local(2026, 11, 25) - local(2026, 11, 24)],
  ['2026-11-20', local(2026, 11, 20), local(2026, 11, 21) - local(2026, 11, 20)],
] as const)('reads %p', (text, from, length) => {
  expect(parseWhen(text, now)).toEqual({ from, until: from + length - 1 })
})

test.each(['', 'noon', '25:00', '14:60', '14', '2026-02-30', '2026-13-01', '14:05Z', 'yesterday 14:05Z', '\u001b[2J'])(
  'refuses %p',
  (text) => {
    expect(() => parseWhen(text, now)).toThrow('no time that can be looked up')
  },
)
