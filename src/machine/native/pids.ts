import { lengthOffset, nameOffset, O_DIRECTORY_CLOEXEC, SYS_getdents64, zero } from './descriptors.ts'
import type { Libc } from './libc.ts'
import { cString, fixedBytes } from './memory.ts'

/**
 * Lists the pids of all processes that we can see without making a string of each: who follows the listeners does so for every new one, and with 2,000 processes
 * the strings cost more than the kernel's own work.
 */
export function nativePids(libc: Libc): () => number[] {
  const entries = fixedBytes(65536)
  const entriesAt = libc.ptr(entries)
  const path = cString('/proc')
  return () => {
    const pids: number[] = []
    const folder = libc.open(libc.ptr(path), O_DIRECTORY_CLOEXEC)
    if (folder < 0) return pids
    try {
      for (;;) {
        const filled = Number(libc.syscall(SYS_getdents64, folder, entriesAt, entries.length, 0))
        if (filled <= 0) return pids
        for (let entry = 0; entry < filled;) {
          const pid = numberAt(entries, entry + nameOffset)
          if (pid > 0) pids.push(pid)
          entry += (entries[entry + lengthOffset] ?? 0) + ((entries[entry + lengthOffset + 1] ?? 0) << 8)
        }
      }
    } finally {
      libc.close(folder)
    }
  }
}

/** The decimal number that the name is, 0 for another name. */
function numberAt(bytes: Uint8Array, at: number): number {
  let number = 0
  for (let index = at; bytes[index]; index++) {
    const digit = (bytes[index] ?? 0) - zero
    if (digit < 0 || digit > 9) return 0
    number = number * 10 + digit
  }
  return number
}
