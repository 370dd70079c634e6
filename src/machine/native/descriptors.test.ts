import { expect, test } from 'bun:test'
import { walkSockets } from '../listeners/descriptors.ts'
import { cleanUpAfterEach, listenOn } from '../live.fixture.ts'
import { socketWalk } from './descriptors.ts'
import { openLibc } from './libc.ts'

cleanUpAfterEach()

function inodesOf(walk: typeof walkSockets): number[] {
  const inodes: number[] = []
  walk(process.pid, (inode) => inodes.push(inode))
  return inodes
}

test('finds every socket however hot the walk has become', async () => {
  const libc = openLibc()
  if (!libc) throw new Error('no C library could be opened')
  for (let count = 0; count < 100; count++) listenOn('127.0.0.1')
  const expected = inodesOf(walkSockets)
  expect(expected.length).toBeGreaterThanOrEqual(100)
  const walk = socketWalk(libc)
  // 40,000 descriptors: the compiler's last stage has been reached long before.
  for (let time = 0; time < 400; time++) expect(inodesOf(walk)).toEqual(expected)
})
