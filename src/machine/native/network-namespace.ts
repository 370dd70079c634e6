import type { Libc } from './libc.ts'
import { cString } from './memory.ts'

const SYS_setns = process.arch === 'arm64' ? 268 : 308
const CLONE_NEWNET = 0x40000000
const O_CLOEXEC = 0o2000000

/**
 * Does something while our thread is in the network namespace of a process, and comes back. What is done must not wait: no other code may run meanwhile.
 * Null where we may not go there, which takes CAP_SYS_ADMIN (setns(2)). Throws when there is no way back, which nothing may survive.
 */
export function insideNetworkOf<Result>(libc: Libc, pid: number, act: () => Result): Result | null {
  const home = libc.open(cString('/proc/thread-self/ns/net'), O_CLOEXEC)
  const there = libc.open(cString(`/proc/${pid}/ns/net`), O_CLOEXEC)
  try {
    if (home < 0 || there < 0 || Number(libc.syscall(SYS_setns, there, CLONE_NEWNET, 0, 0)) !== 0) return null
    try {
      return act()
    } finally {
      goHome(libc, home)
    }
  } finally {
    if (home >= 0) libc.close(home)
    if (there >= 0) libc.close(there)
  }
}

function goHome(libc: Libc, home: number): void {
  if (Number(libc.syscall(SYS_setns, home, CLONE_NEWNET, 0, 0)) !== 0)
    throw new Error('no way back into the own network namespace')
}
