import { expect, test } from 'bun:test'
import { cleanUpAfterEach, listenOn, run } from '../live.fixture.ts'
import { readPids } from '../processes/stat.ts'
import { walkSockets } from './descriptors.ts'
import type { SocketIndex } from './descriptors.ts'
import { SharedWalk } from './shared-walk.ts'
import { pace, walkAll } from './walk-all.ts'

cleanUpAfterEach()

const ownSockets = (): Set<number> => inodesOf(process.pid)

const sorted = (numbers: Iterable<number>): number[] => [...numbers].toSorted((a, b) => a - b)

function inodesOf(pid: number): Set<number> {
  const inodes = new Set<number>()
  walkSockets(pid, (inode) => inodes.add(inode))
  return inodes
}

test('a second thread takes its share of a long walk, and nothing is found twice or missed', () => {
  for (let count = 0; count < 30; count++) listenOn('127.0.0.1')
  const wanted = ownSockets()
  // As many as a busy machine has, ourselves among them.
  const others = readPids().filter((pid) => pid !== process.pid)
  const pids = [...others, ...Array.from({ length: 400 }, () => 0), process.pid]
  let walked = 0
  const slow = (pid: number, found: (inode: number) => void): void => {
    walked++
    Bun.sleepSync(1)
    walkSockets(pid, found)
  }
  const seen: number[] = []
  walkAll(pids, wanted, slow, (pid, inodes) => {
    if (pid !== process.pid) return
    seen.push(pid)
    expect(sorted(inodes)).toEqual(sorted(wanted))
  })
  expect(seen).toEqual([process.pid])
  expect(walked).toBeLessThan(pids.length)
})

test('a short walk stays in one thread', () => {
  let walked = 0
  walkAll(
    [process.pid, process.pid],
    ownSockets(),
    (pid, found) => {
      walked++
      walkSockets(pid, found)
    },
    () => undefined,
  )
  expect(walked).toBe(2)
})

/** After how many processes, which take so many milliseconds each, the rest is called long; null where it never is. */
function calledLongAfter(costs: readonly number[]): number | null {
  const restIsLong = pace(costs.length, 0)
  let now = 0
  for (const [at, cost] of costs.entries()) if (restIsLong((now += cost))) return at + 1
  return null
}

const times = (count: number, cost: number): number[] => Array.from({ length: count }, () => cost)

test('the rest is called long by what was walked last', () => {
  expect(calledLongAfter(times(80, 1))).toBe(4)
  // Threads of the kernel cost nothing and come first.
  expect(calledLongAfter([...times(500, 1 / 1024), ...times(60, 0.5)])).toBe(512)
  // One with many files, before the others and among them.
  expect(calledLongAfter([5, ...times(300, 0.02)])).toBeNull()
  expect(calledLongAfter([...times(100, 0.02), 5, ...times(300, 0.02)])).toBeNull()
  expect(calledLongAfter(times(12, 1))).toBeNull()
})

/** As many as make a walk long, with these at their end. */
const many = (...pids: number[]): number[] => [...Array.from({ length: 2000 }, () => 0), ...pids]

test('of a long walk the index tells, and who it does not name is looked at', () => {
  const { fd } = listenOn('127.0.0.1')
  const wanted = ownSockets()
  const heir = run(['sleep', '600'], { fd })
  // Ours and theirs: that one, and whatever else of ours a child inherits.
  const shared = [...wanted].filter((inode) => inodesOf(heir.pid).has(inode))
  const walked: number[] = []
  const seen: [number, number[]][] = []
  walkAll(
    many(process.pid, heir.pid),
    wanted,
    (pid, found) => {
      walked.push(pid)
      walkSockets(pid, found)
    },
    (pid, inodes) => seen.push([pid, sorted(inodes)]),
    (asked, found) => {
      found(0, 0)
      found(1, shared[0] ?? 0) // Not asked for.
      for (const inode of asked) found(process.pid, inode)
      for (const inode of asked) found(process.pid, inode) // As another descriptor.
      return true
    },
  )
  expect(walked).toEqual([heir.pid])
  expect(seen).toEqual([
    [process.pid, sorted(wanted)],
    [heir.pid, sorted(shared)],
  ])
})

test('an index that breaks off is none', () => {
  listenOn('127.0.0.1')
  const wanted = ownSockets()
  const seen: number[] = []
  const index: SocketIndex = (_wanted, found) => {
    found(process.pid, 0)
    return false
  }
  walkAll(
    many(process.pid),
    wanted,
    (pid, found) => pid && walkSockets(pid, found),
    (pid) => seen.push(pid),
    index,
  )
  expect(seen).toEqual([process.pid])
})

test('what a second thread took and did not bring is known to be missing', () => {
  const shared = SharedWalk.of([11, 12, 13], new Set([5, 4_294_967_295]))
  const other = new SharedWalk(shared.memory)
  expect([...other.wanted]).toEqual([5, 4_294_967_295])
  expect([shared.take(), other.take(), shared.take(), other.take()]).toEqual([11, 12, 13, null])
  expect(other.begin()).toBe(true)
  expect(shared.collect(1)).toBeNull()
  expect(other.keep(12, 4_294_967_295)).toBe(true)
  other.end(true)
  expect(shared.collect(1)).toEqual([[12, 4_294_967_295]])
})

test('a second thread that comes too late finds nothing to do', () => {
  const shared = SharedWalk.of([11], new Set([5]))
  expect(shared.collect(1)).toEqual([])
  expect(new SharedWalk(shared.memory).begin()).toBe(false)
})
