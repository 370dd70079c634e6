import type { Holder } from '../../core/listener.ts'
import { firstArgumentsOf, nameOf, userIdOf, workingFolderOf } from '../processes/details.ts'
import { identityOf } from '../processes/identity.ts'
import { startedAt } from '../processes/start-time.ts'
import { readPids, readStat } from '../processes/stat.ts'
import type { ProcessStat } from '../processes/stat.ts'
import { userName } from '../processes/users.ts'
import type { SocketIndex, SocketWalk } from './descriptors.ts'
import { walkAll, wantedOf } from './walk-all.ts'

/**
 * Who has which of the wanted sockets open, eldest first: the descriptors of every process are looked at, because no index of them
 * exists. `kin` looks at the youngest process first, because what people ask about was mostly started just now, and once every socket has a
 * holder only at their relations: a socket is inherited from a parent, and shared with its other children. Processes that vanish meanwhile, and
 * those that we may not look into, are left out.
 */
export function findHolders(
  wanted: ReadonlySet<number>,
  extent: 'all' | 'kin',
  walk: SocketWalk,
  index?: SocketIndex,
): Map<number, Holder[]> {
  const holders = new Map<number, Holder[]>()
  if (wanted.size === 0) return holders
  const keep = (pid: number, inodes: ReadonlySet<number>): Holder | null => {
    const holder = inodes.size ? describe(pid) : null
    if (holder) for (const inode of inodes) holders.set(inode, [...(holders.get(inode) ?? []), holder])
    return holder
  }
  if (extent === 'all') walkAll(readPids(), wanted, walk, keep, index)
  else
    lookAmongKin(
      () => holders.size === wanted.size,
      (pid) => keep(pid, wantedOf(pid, wanted, walk)),
    )
  for (const several of holders.values()) several.sort((a, b) => a.start - b.start || a.pid - b.pid)
  return holders
}

function lookAmongKin(allFound: () => boolean, look: (pid: number) => Holder | null): void {
  const found: ProcessStat[] = []
  const isKin = (row: ProcessStat): boolean =>
    found.some(
      (holder) => row.pid === holder.parent || (holder.pid > 1 && row.parent === holder.pid) || isTwin(row, holder),
    )
  let rest = youngestFirst(readPids())
  // A holder that is found late may be the parent of a process that was passed over before.
  for (let before = -1; found.length > before && rest.length;) {
    before = found.length
    rest = rest.filter((row) => {
      if (allFound() && !isKin(row)) return true
      if (look(row.pid)) found.push(row)
      return false
    })
  }
}

/** Workers that a server left behind: of one name, and all of them with pid 1. While it lives they are found as its children. */
function isTwin(a: ProcessStat, b: ProcessStat): boolean {
  return a.parent === 1 && b.parent === 1 && a.comm === b.comm
}

/**
 * By the real start time. A higher pid does not mean a younger process: pids wrap around at `pid_max`, within the hour on a busy
 * machine. Reading the times costs 10 us a process, its descriptors 3 us each.
 */
function youngestFirst(pids: readonly number[]): ProcessStat[] {
  return pids.flatMap((pid) => readStat(pid) ?? []).toSorted((a, b) => b.start - a.start || b.pid - a.pid)
}

/** Null for a process that is gone. */
export function describe(pid: number): Holder | null {
  const stat = readStat(pid)
  const uid = userIdOf(pid)
  if (!stat || uid === null) return null
  const words = firstArgumentsOf(pid)
  return {
    ...identityOf(stat),
    session: stat.session,
    name: nameOf(pid, words[0] ?? '', stat.comm),
    // A process that overwrites its title leaves what was behind it as empty arguments.
    command: words.join(' ').trimEnd() || stat.comm,
    cwd: workingFolderOf(pid),
    user: userName(uid),
    startedAt: startedAt(stat.start),
  }
}
