import { errno } from './errno.ts'
import type { Libc } from './libc.ts'
import { fixedBytes } from './memory.ts'

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 3 | 0o2000000
const NETLINK_SOCK_DIAG = 4
const MSG_DONTWAIT = 0x40

/** The kernel fills at most 32 KiB a part (`netlink_dump`, net/netlink/af_netlink.c): twice that is never cut. */
const part = fixedBytes(65536)

/**
 * Sends one sock_diag dump request and gives every part of the answer to `take`, until that says that it wants no more. The bytes are
 * only valid within the call. False where the kernel does not answer such requests (sandboxes, missing modules). See sock_diag(7).
 */
export function dumpSockets(libc: Libc, request: Uint8Array, take: (bytes: Uint8Array) => boolean): boolean {
  const socket = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG)
  if (socket < 0) return false
  try {
    if (libc.send(socket, request, request.length, 0) < 0) return false
    for (;;) {
      // The kernel prepares each part before `send` or `recv` returns, so there is nothing to wait for and nothing to hang on.
      const length = Number(libc.recv(socket, part, part.length, MSG_DONTWAIT))
      if (length < 0 && libc.errno() === errno.EINTR) continue
      if (length <= 0) return false
      if (!take(part.subarray(0, length))) return true
    }
  } finally {
    libc.close(socket)
  }
}
