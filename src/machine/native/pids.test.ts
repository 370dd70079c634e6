import { expect, test } from 'bun:test'
import { until } from '../live.fixture.ts'
import { readPids } from '../processes/stat.ts'
import { openLibc } from './libc.ts'
import { nativePids } from './pids.ts'

test('the native list of processes is that of node:fs', async () => {
  const libc = openLibc()
  if (!libc) throw new Error('there is no C library')
  const native = nativePids(libc)
  expect(native()).toContain(process.pid)
  // Others start programs meanwhile: between two lists that are the same nothing happened.
  await until(async () => {
    const [before, list, after] = [readPids(), native(), readPids()]
    if (String(before) !== String(after)) return false
    expect(list).toEqual(before)
    return true
  }, 'nothing is started for a moment')
})
