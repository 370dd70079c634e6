import { readFileSync } from 'node:fs'
import type { SocketIndex, SocketWalk } from './descriptors.ts'
import { SharedWalk } from './shared-walk.ts'

/**
 * A walk that takes longer than this, in milliseconds, is worth a help. A second thread takes 5 ms of ours to start it and 4 more until it walks, on a slow machine; the
 * kernel's index takes some 5 ms before it says anything (November 2026).
 */
const worthMilliseconds = 16

/** What the kernel takes for a process and for an open file, in milliseconds, on such a machine. It does so on two cores as well as on one. */
const takes = { process: 0.01, file: 0.003 } as const

/** So long is looked on before the rest is estimated, in milliseconds: a file that many processes have open counts once in what is known before. */
const trial = 2

/** How long the second thread may take for its last process before its share is walked again, in milliseconds. */
const patience = 2_000

/**
 * Calls `found` with the wanted sockets of every process that has some, in no order. A long walk is made short by the kernel's own index where there is one,
 * and shared with a second thread where there is none.
 */
export function walkAll(
  pids: readonly number[],
  wanted: ReadonlySet<number>,
  walk: SocketWalk,
  found: (pid: number, inodes: ReadonlySet<number>) => void,
  index: SocketIndex = () => false,
): void {
  const look = (pid: number): void => {
    const inodes = wantedOf(pid, wanted, walk)
    if (inodes.size) found(pid, inodes)
  }
  const lookUp = (some: readonly number[]): boolean => {
    const unnamed = namedBy(index, some, wanted, found)
    if (unnamed) for (const pid of unnamed) look(pid)
    return unnamed !== null
  }
  const surelyLong = pids.length * takes.process + openFiles() * takes.file > worthMilliseconds
  if (surelyLong && lookUp(pids)) return
  const restIsLong = pace(pids.length, performance.now())
  for (const [at, pid] of pids.entries()) {
    look(pid)
    if (restIsLong(performance.now())) {
      const rest = pids.slice(at + 1)
      if (surelyLong || !lookUp(rest)) walkTogether(rest, wanted, look, found)
      return
    }
  }
}

/**
 * Tells after each of `count` processes, at the time `now` in milliseconds, whether those that are left are worth a help. Two trials, one after the other, must say so:
 * threads of the kernel, which come first, say nothing of what follows them, and one process with many files says nothing of the others.
 */
export function pace(count: number, begin: number): (now: number) => boolean {
  let walked = 0
  let last = { walked, at: begin, long: false }
  return (now) => {
    walked++
    const spent = now - last.at
    if (spent < trial) return false
    const long = (spent / (walked - last.walked)) * (count - walked) > worthMilliseconds
    const both = long && last.long
    last = { walked, at: now, long }
    return both
  }
}

/** How many files all processes have open, each counted once however many have it (proc_sys_fs(5)). */
function openFiles(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/fs/file-nr', 'latin1'), 10) || 0
  } catch {
    return 0
  }
}

/** Takes what the index says of the processes. Gives those that it does not name, null where there is no index. */
function namedBy(
  index: SocketIndex,
  pids: readonly number[],
  wanted: ReadonlySet<number>,
  found: (pid: number, inodes: ReadonlySet<number>) => void,
): number[] | null {
  const named = new Map<number, Set<number>>()
  const whole = index(wanted, (pid, inode) => {
    let inodes = named.get(pid)
    if (!inodes) named.set(pid, (inodes = new Set()))
    if (inode) inodes.add(inode)
  })
  if (!whole) return null
  return pids.filter((pid) => {
    const inodes = named.get(pid)
    if (inodes?.size) found(pid, inodes)
    return !inodes
  })
}

function walkTogether(
  pids: readonly number[],
  wanted: ReadonlySet<number>,
  look: (pid: number) => void,
  found: (pid: number, inodes: ReadonlySet<number>) => void,
): void {
  const shared = SharedWalk.of(pids, wanted)
  const second = new Worker(new URL('second-walker.ts', import.meta.url))
  second.unref()
  // Where there is none, the first one has walked everything.
  second.addEventListener('error', () => undefined)
  second.postMessage(shared.memory) // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread has no origin
  const own = new Set<number>()
  for (let pid = shared.take(); pid !== null; pid = shared.take()) {
    own.add(pid)
    look(pid)
  }
  const others = shared.collect(patience)
  second.terminate()
  if (others === null) {
    for (const pid of pids) if (!own.has(pid)) look(pid)
    return
  }
  const byProcess = new Map<number, Set<number>>()
  for (const [pid, inode] of others) byProcess.set(pid, (byProcess.get(pid) ?? new Set()).add(inode))
  for (const [pid, inodes] of byProcess) found(pid, inodes)
}

/** The wanted sockets that the process has open. */
export function wantedOf(pid: number, wanted: ReadonlySet<number>, walk: SocketWalk): ReadonlySet<number> {
  const inodes = new Set<number>()
  walk(pid, (inode) => {
    if (wanted.has(inode)) inodes.add(inode)
  })
  return inodes
}
