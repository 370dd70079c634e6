import { readdirSync, readlinkSync } from 'node:fs'

/**
 * Calls `found` with the inode of every socket that the process has open, as often as it has it open. Does nothing for a process that
 * is gone or not ours to look into.
 */
export type SocketWalk = (pid: number, found: (inode: number) => void) => void

/**
 * Calls `found` with the wanted sockets of all processes as far as we may see them, and with 0 for processes that were looked at. False where there is no such list,
 * or not the whole of it. A process that it does not name has to be looked at.
 */
export type SocketIndex = (wanted: ReadonlySet<number>, found: (pid: number, inode: number) => void) => boolean

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
