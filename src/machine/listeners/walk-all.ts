import type { SocketWalk } from './descriptors.ts'
import { SharedWalk } from './shared-walk.ts'

/**
 * A second thread is worth starting where it saves more than it costs: 5 ms of ours to start it and 4 more until it walks, on a
 * slow machine (November 2026). The kernel does the work, 4 us a descriptor there, and does it on two cores as well as on one.
 */
const worthMilliseconds = 16

/** So long is looked on before the rest is estimated, in milliseconds. */
const trial = 4

/** How long the second thread may take for its last process before its share is walked again, in milliseconds. */
const patience = 2_000

/** Calls `found` with the wanted sockets of every process that has some, in no order. */
export function walkAll(
  pids: readonly number[],
  wanted: ReadonlySet<number>,
  walk: SocketWalk,
  found: (pid: number, inodes: ReadonlySet<number>) => void,
): void {
  const look = (pid: number): void => {
    const inodes = wantedOf(pid, wanted, walk)
    if (inodes.size) found(pid, inodes)
  }
  const begin = performance.now()
  for (const [index, pid] of pids.entries()) {
    look(pid)
    const spent = performance.now() - begin
    const left = (spent / (index + 1)) * (pids.length - index - 1)
    if (spent > trial && left > worthMilliseconds) return walkTogether(pids.slice(index + 1), wanted, look, found)
  }
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
