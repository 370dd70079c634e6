import { openLibc } from './native/libc.ts'
import { lines, openWriterQueue } from './native/writer-queue.ts'
import type { WriterQueue } from './native/writer-queue.ts'

/**
 * How long a turn is waited for. A write takes a quarter of a millisecond, so a second is the turn of some thousand writers, or of a stopped one, for whom nobody
 * has to wait: the file's own lock decides who writes.
 */
const patienceMilliseconds = 1000

/** Does the work when it is our turn among this user's programs that write the same file; at once where the system keeps no queue. */
export function inTurn<Result>(inode: bigint, work: () => Result): Result {
  queue ??= open()
  const line = Number(inode % BigInt(lines))
  const entered = queue.enter(line)
  try {
    return work()
  } finally {
    if (entered) queue.leave(line)
  }
}

let queue: WriterQueue | undefined

function open(): WriterQueue {
  const libc = process.platform === 'linux' ? openLibc() : null
  const kernels = libc && openWriterQueue(libc, patienceMilliseconds)
  return kernels ?? { enter: () => false, leave() {} }
}
