import { errno } from './errno.ts'
import type { Libc } from './libc.ts'
import { fixedBytes } from './memory.ts'

const arm = process.arch === 'arm64'
export const SYS_semget = arm ? 190 : 64
export const SYS_semctl = arm ? 191 : 66
const SYS_semtimedop = arm ? 192 : 220
const IPC_CREAT = 0o1000
const IPC_STAT = 2
const SEM_UNDO = 0x1000
/** `struct sembuf`: number of the semaphore, what is added (0 waits until it is zero), flags; see semop(2). */
const stepLength = 6
/** The owner in `struct semid64_ds`, behind the key. */
const ownerOffset = 4

/** The key of the set: `IZAP` in ASCII, made one user's own by the user's number. */
export const ownKey = 0x495a4150 ^ (process.getuid?.() ?? 0)
/** Files whose numbers are the same modulo this share a line, which costs them a little waiting and nothing else. */
export const lines = 64

export interface WriterQueue {
  /** Waits for our turn and gives true; false where it did not come in time, or there is no queue. */
  enter(line: number): boolean
  /** To be called once after each `enter` that gave true. */
  leave(line: number): void
}

/**
 * Lines in which one user's programs wait for each other, in System V semaphores: the kernel serves whoever came first, wakes only that one, and takes the turn back
 * from a program that ends in whatever way (SEM_UNDO). One set of them per user stays until the next boot. Null where the kernel gives none, or where somebody
 * else has made it: a queue is a courtesy, and who gives none need not be waited for.
 */
export function openWriterQueue(libc: Libc, patienceMilliseconds: number, key = ownKey): WriterQueue | null {
  const set = Number(libc.syscall(SYS_semget, key, lines, IPC_CREAT | 0o600, 0))
  if (set < 0 || ownerOf(libc, set) !== process.getuid?.()) return null
  const steps = new DataView(fixedBytes(2 * stepLength).buffer)
  const time = new BigInt64Array(new ArrayBuffer(16))

  /** Does all steps at once, as soon as they can be done. */
  const act = (line: number, adds: readonly number[], milliseconds: number): boolean => {
    for (const [index, add] of adds.entries()) {
      steps.setUint16(index * stepLength, line, true)
      steps.setInt16(index * stepLength + 2, add, true)
      steps.setInt16(index * stepLength + 4, add === 0 ? 0 : SEM_UNDO, true)
    }
    const nanoseconds = Math.max(0, Math.round(milliseconds * 1e6))
    time[0] = BigInt(Math.floor(nanoseconds / 1e9))
    time[1] = BigInt(nanoseconds % 1e9)
    return Number(libc.syscall(SYS_semtimedop, set, libc.ptr(steps.buffer), adds.length, libc.ptr(time))) === 0
  }

  return {
    enter(line) {
      const until = performance.now() + patienceMilliseconds
      for (;;) {
        // Zero is nobody's turn, one is somebody's.
        if (act(line, [0, 1], until - performance.now())) return true
        // A signal wakes whoever waits (signal(7)): that was not our turn, nor the end of our patience.
        if (libc.errno() !== errno.EINTR) return false
      }
    },
    leave(line) {
      act(line, [-1], 0)
    },
  }
}

function ownerOf(libc: Libc, set: number): number | null {
  const status = new DataView(fixedBytes(256).buffer)
  if (Number(libc.syscall(SYS_semctl, set, 0, IPC_STAT, libc.ptr(status.buffer))) !== 0) return null
  return status.getUint32(ownerOffset, true)
}
