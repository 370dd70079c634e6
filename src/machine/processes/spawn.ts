import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ProcessIdentity } from '../../core/listener.ts'
import type { Ending } from '../../core/process.ts'
import { Problem } from '../../core/problem.ts'
import type { Start, Started } from '../../operations/world.ts'
import { errorCode } from '../error-code.ts'
import { identityOf } from './identity.ts'
import { readStat } from './stat.ts'

/** Whoever starts a service, and however strict they are with their own files: it makes its own as a service of the system does. */
const umask = 0o022

/**
 * Starts a program that outlives us: `detached` makes it the leader of a session of its own (setsid(2)), so no terminal and no signal to our
 * group reaches it, and it writes to its log itself. The program is looked up in the `PATH` that it is given. We are
 * free to exit at any time; then nobody learns how it ended. Throws `spawn-failed`.
 */
export function spawnDetached(
  start: Start,
  identify: (pid: number) => ProcessIdentity = (pid) => identityOf({ pid, start: readStat(pid)?.start ?? 0 }),
): Started {
  const fail = (why: string): never => {
    throw new Problem('spawn-failed', { command: start.command.join(' '), why })
  }
  // Asked first, because a missing folder and a missing program give the same ENOENT.
  if (!statSync(start.cwd, { throwIfNoEntry: false })?.isDirectory()) return fail(`there is no folder ${start.cwd}`)
  const log = openLog(start.log) ?? fail(`its log ${start.log} cannot be written`)
  const own = process.umask(umask)
  try {
    const { socket } = start
    const child = Bun.spawn(withinMemory(start), {
      cwd: start.cwd,
      env: { ...start.environment },
      // The socket becomes descriptor 3, the first behind the usual ones.
      stdio: ['ignore', log, log, ...(typeof socket === 'number' ? [socket] : [])],
      detached: true,
    })
    child.unref()
    // Until it is waited for, which happens after this, even a program that ended at once keeps its row in the process table.
    const { pid } = child
    return {
      process: identify(pid),
      ended: child.exited.then((code) => endingOf(code, child.signalCode)),
    }
  } catch (error) {
    return fail(reasonOf(error, start.command[0]))
  } finally {
    process.umask(own)
    closeSync(log)
  }
}

/** The variable has to name the process that the program will be, which only that process knows: the shell becomes it. */
const handed = [
  '/bin/sh',
  '-c',
  'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=service; export LISTEN_PID LISTEN_FDS LISTEN_FDNAMES; exec "$0" "$@"',
]

/**
 * The limit is that of data (RLIMIT_DATA, getrlimit(2)): what a process really writes to. One on addresses would forbid what Node, Java and Go only reserve.
 * It is set by the shell's own `ulimit`, in KiB, between fork and exec.
 */
function withinMemory({ command: given, memory, socket }: Start): string[] {
  const command = typeof socket === 'number' ? [...handed, ...given] : given
  if (memory === null) return [...command]
  return ['/bin/sh', '-c', 'ulimit -d "$0" && exec "$@"', String(Math.floor(memory / 1024)), ...command]
}

/** Bun gives 128 plus the signal's number as the code of a process that a signal ended, and the signal's name beside it. */
export function endingOf(code: number, signal: string | number | null): Ending {
  return signal === null ? { code, signal: null } : { code: null, signal: String(signal) }
}

/** Appending, so that several writers and a cut file do no harm. Null where it cannot be opened. */
function openLog(path: string): number | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return openSync(path, 'a', 0o600)
  } catch {
    return null
  }
}

/** Why a program could not be started, in words. */
export function reasonOf(error: unknown, program: string): string {
  const code = errorCode(error)
  if (code === 'ENOENT') return `there is no program ${program}`
  if (code === 'EACCES') return `${program} may not be executed`
  return error instanceof Error ? error.message : String(error)
}
