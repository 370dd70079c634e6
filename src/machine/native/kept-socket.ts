import { openExec } from './libc.ts'
import type { Libc } from './libc.ts'
import { cString, fixedBytes } from './memory.ts'

const SYS_pidfd_open = 434
const SYS_pidfd_getfd = 438
const SYS_prctl = process.arch === 'arm64' ? 167 : 157
/** `Yama` in letters; and everybody of the same user, see PR_SET_PTRACER in prctl(2). */
const PR_SET_PTRACER = 0x59616d61
const PR_SET_PTRACER_ANY = -1

/**
 * A descriptor of our own for one of another process, see pidfd_getfd(2). Null where the process is gone, or the system does not let us (kernels before 5.6, another user's
 * process). `isSame` is asked once the process cannot be confused with a later user of its pid.
 */
export function takeDescriptor(libc: Libc, pid: number, descriptor: number, isSame: () => boolean): number | null {
  const process = Number(libc.syscall(SYS_pidfd_open, pid, 0, 0, 0))
  if (process < 0) return null
  try {
    if (!isSame()) return null
    const taken = Number(libc.syscall(SYS_pidfd_getfd, process, descriptor, 0, 0))
    return taken < 0 ? null : taken
  } finally {
    libc.close(process)
  }
}

/** Lets every process of this user take our descriptors. Where the kernel has no Yama they may already, and this does nothing. */
export function openToAll(libc: Libc): void {
  libc.syscall(SYS_prctl, PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0)
}

/** Becomes another program under a name of our choice, with the same pid and descriptors. Comes back only where it cannot. */
export function become(libc: Libc, program: string, words: readonly string[]): void {
  const texts = words.map(cString)
  const list = fixedBytes((texts.length + 1) * 8)
  const view = new DataView(list.buffer)
  for (const [index, text] of texts.entries()) view.setBigUint64(index * 8, BigInt(libc.ptr(text)), true)
  openExec()?.execv(libc.ptr(cString(program)), libc.ptr(list))
}
