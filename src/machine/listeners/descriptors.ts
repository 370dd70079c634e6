import { readdirSync, readlinkSync } from 'node:fs'

/**
 * Calls `found` with the inode of every socket that the process has open, as often as it has it open. Does nothing for a process that
 * is gone or not ours to look into.
 */
export type SocketWalk = (pid: number, found: (inode: number) => void) => void

/** The walk without native calls. */
export function walkSockets(pid: number, found: (inode: number) => void): void {
  const folder = `/proc/${pid}/fd/`
  for (const descriptor of namesIn(folder)) {
    const target = targetOf(folder + descriptor)
    if (target.startsWith('socket:[')) found(Number(target.slice('socket:['.length, -1)))
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Empty for a descriptor that was closed since the folder was read. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
