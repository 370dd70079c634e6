import { expect, test } from 'bun:test'
import { cpuPercent, sayBytes } from './usage.ts'

test('the share of a processor is the average since the start', () => {
  const now = new Date('2026-01-01T00:01:40Z')
  expect(cpuPercent({ cpuSeconds: 5, memoryBytes: 0 }, '2026-01-01T00:00:00Z', now)).toBe(5)
  expect(cpuPercent({ cpuSeconds: 300, memoryBytes: 0 }, '2026-01-01T00:00:00Z', now)).toBe(300)
  expect(cpuPercent({ cpuSeconds: 1, memoryBytes: 0 }, '2026-01-01T00:01:40Z', now)).toBeNull()
  // The clock was set back.
  expect(cpuPercent({ cpuSeconds: 1, memoryBytes: 0 }, '2026-01-02T00:00:00Z', now)).toBeNull()
  expect(cpuPercent({ cpuSeconds: 1, memoryBytes: 0 }, null, now)).toBeNull()
})

test('sizes are said in the unit that people compare', () => {
  expect([0, 1023, 1536, 50 * 2 ** 20, 3 * 2 ** 30, 2 ** 60].map(sayBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '50 MiB',
    '3.0 GiB',
    '1048576 TiB',
  ])
})
