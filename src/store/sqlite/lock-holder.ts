import { readFileSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { inodeOf } from './identity.ts'

export interface LockHolder {
  readonly pid: number
  readonly command: string
  /** By a signal or a debugger: it will not let go by itself. */
  readonly stopped: boolean
}

/** WAL_WRITE_LOCK: the byte of the log's index by which one connection is the writer (sqlite.org/walformat.html, 2.3.2). */
const writeByte = 120n

/** Who keeps others from writing the file at this moment, null where nobody does or the system does not tell. */
export function lockHolder(path: string): LockHolder | null {
  try {
    const real = realpathSync(path)
    const pid = writerIn(readFileSync('/proc/locks', 'latin1'), inodeIn(real), inodeIn(`${real}-shm`))
    return pid === null ? null : { pid, command: commandOf(pid), stopped: isStopped(pid) }
  } catch {
    return null
  }
}

/**
 * The pid that has a lock for writing on the file, or on the writer's byte of its log's index, in the text of /proc/locks (proc_locks(5)). Processes of other pid
 * namespaces stand there as 0 or less.
 */
export function writerIn(locks: string, file: string | null, index: string | null): number | null {
  for (const line of locks.split('\n')) {
    const [, kind, , mode, pid, place = '', from = '', to = ''] = line.trim().split(/\s+/)
    if (kind !== 'POSIX' || mode !== 'WRITE' || !(Number(pid) > 0)) continue
    const inode = place.slice(place.lastIndexOf(':') + 1)
    const covers = BigInt(from) <= writeByte && (to === 'EOF' || BigInt(to) >= writeByte)
    if (inode === file || (inode === index && covers)) return Number(pid)
  }
  return null
}

/** The device stands there in another way than in `stat` where a file system has parts (btrfs). */
function inodeIn(path: string): string | null {
  return inodeOf(path)?.split(':')[1] ?? null
}

function commandOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  return [basename(words[0] ?? ''), ...words.slice(1)].join(' ').slice(0, 60)
}

/** `T` and `t` of proc_pid_stat(5), behind the name, which may hold anything. */
function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}
