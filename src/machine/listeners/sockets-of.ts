import { socketWalk } from '../native/descriptors.ts'
import { openLibc } from '../native/libc.ts'

/** The inodes of all sockets that the processes have open. Who is gone, or hides them, has none. */
export function socketsOf(pids: Iterable<number>): Set<number> {
  const walk = socketWalk(openLibc())
  const inodes = new Set<number>()
  for (const pid of pids) walk(pid, (inode) => inodes.add(inode))
  return inodes
}
