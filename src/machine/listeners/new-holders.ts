import type { Holder } from '../../core/listener.ts'
import { readStat } from '../processes/stat.ts'
import type { SocketWalk } from './descriptors.ts'
import { describe } from './holders.ts'
import type { KnownProcesses } from './known-processes.ts'

/**
 * Who holds sockets that were not there at the last look. First those processes that were not there either, all of them, because a socket is shared with what was started together
 * with its holder; then, until every socket has a holder, the others, youngest first; last the parents of whom was found. A socket that stays without a holder was looked for
 * everywhere: its holder is hidden, and looking again would not find it.
 */
export function findNewHolders(
  wanted: ReadonlySet<number>,
  known: KnownProcesses,
  walk: SocketWalk,
): Map<number, Holder[]> {
  const holders = new Map<number, Holder[]>()
  if (wanted.size === 0) return holders
  const looked = new Set<number>()
  const parents: number[] = []
  const look = (pid: number): void => {
    if (looked.has(pid)) return
    looked.add(pid)
    const inodes = new Set<number>()
    walk(pid, (inode) => {
      if (wanted.has(inode)) inodes.add(inode)
    })
    const holder = inodes.size ? describe(pid) : null
    if (!holder) return
    for (const inode of inodes) holders.set(inode, [...(holders.get(inode) ?? []), holder])
    const parent = readStat(pid)?.parent
    if (parent) parents.push(parent)
  }
  known.refresh().forEach(look)
  if (holders.size < wanted.size) {
    for (const pid of known.all()) {
      look(pid)
      if (holders.size === wanted.size) break
    }
  }
  // The list grows while it is walked: the parent of a parent that has it, too.
  for (const pid of parents) look(pid)
  for (const several of holders.values()) several.sort((a, b) => a.start - b.start || a.pid - b.pid)
  return holders
}
