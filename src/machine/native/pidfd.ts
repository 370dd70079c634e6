import { errno } from './errno.ts'
import type { Libc } from './libc.ts'

/** The newer calls have one number on every architecture. */
const SYS_pidfd_send_signal = 424
const SYS_pidfd_open = 434

/**
 * Signals a process through a descriptor that is bound to it: when `isSame` says so after the descriptor is open, the signal can
 * reach nobody else, whatever becomes of the pid. Null where the kernel has no pidfds (before 5.3) or a sandbox forbids them.
 * See pidfd_open(2), pidfd_send_signal(2).
 */
export function signalThroughPidfd(
  libc: Libc,
  pid: number,
  signal: number,
  isSame: () => boolean,
): 'sent' | 'gone' | 'denied' | null {
  const descriptor = Number(libc.syscall(SYS_pidfd_open, pid, 0, 0, 0))
  if (descriptor < 0) return libc.errno() === errno.ESRCH ? 'gone' : null
  try {
    if (!isSame()) return 'gone'
    if (Number(libc.syscall(SYS_pidfd_send_signal, descriptor, signal, 0, 0)) === 0) return 'sent'
    const error = libc.errno()
    if (error === errno.ESRCH) return 'gone'
    return error === errno.EPERM ? 'denied' : null
  } finally {
    libc.close(descriptor)
  }
}
