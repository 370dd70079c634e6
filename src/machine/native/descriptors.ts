import { walkSockets } from '../listeners/descriptors.ts'
import type { SocketWalk } from '../listeners/descriptors.ts'
import type { Libc } from './libc.ts'
import { fixedBytes } from './memory.ts'

export const O_DIRECTORY_CLOEXEC = (process.arch === 'arm64' ? 0o40000 : 0o200000) | 0o2000000
export const SYS_getdents64 = process.arch === 'arm64' ? 61 : 217
const SYS_newfstatat = process.arch === 'arm64' ? 79 : 262
export const AT_FDCWD = -100

/** Offset of `st_size` in `struct stat` of both architectures, in words of 32 bits (asm-generic/stat.h, arch/x86/include/uapi/asm/stat.h). */
const sizeWord = 12

/** Offsets in `struct linux_dirent64`, see getdents64(2). */
export const lengthOffset = 16
export const nameOffset = 19

const letterS = 0x73
const colon = 0x3a
const dot = 0x2e
export const zero = 0x30

/** The quickest walk that can be had. */
export function socketWalk(libc: Libc | null): SocketWalk {
  return libc ? nativeSocketWalk(libc) : walkSockets
}

/**
 * The walk of `/proc/PID/fd` that makes no string: names go from the directory buffer straight back to the kernel, link targets are
 * read as bytes. The kernel's own work is all that is left: 3 us a descriptor where `node:fs` needs 6 (November 2026).
 */
function nativeSocketWalk(libc: Libc): SocketWalk {
  const entries = fixedBytes(65536)
  const target = fixedBytes(64)
  const path = fixedBytes(32)
  const entriesAt = libc.ptr(entries)
  const targetAt = libc.ptr(target)
  const pathAt = libc.ptr(path)
  const encoder = new TextEncoder()
  const hasFiles = anyFileAt(libc, pathAt)
  const writePath = (whose: number | string): void => void encoder.encodeInto(`/proc/${whose}/fd\0`, path)
  // Before Linux 6.2 the kernel counts nobody's files, also not ours. Whoever is not root is soon told that he may not look.
  writePath('self')
  const counts = process.geteuid?.() === 0 && hasFiles()

  return (pid, found) => {
    writePath(pid)
    // On an idle machine most processes are threads of the kernel without a file: to count is a quarter of the work of looking.
    if (counts && !hasFiles()) return
    const folder = libc.open(pathAt, O_DIRECTORY_CLOEXEC)
    if (folder < 0) return
    try {
      for (;;) {
        const filled = Number(libc.syscall(SYS_getdents64, folder, entriesAt, entries.length, 0))
        if (filled <= 0) return
        for (let entry = 0; entry < filled;) {
          const name = entry + nameOffset
          const next = entry + (entries[entry + lengthOffset] ?? 0) + ((entries[entry + lengthOffset + 1] ?? 0) << 8)
          if (entries[name] !== dot) {
            const length = Number(libc.readlinkat(folder, entriesAt + name, targetAt, target.length))
            const inode = inodeIn(target, length)
            if (inode) found(inode)
          }
          entry = next
        }
        // A short answer was the last one: asking again would only be told so.
        if (filled < entries.length / 2) return
      }
    } finally {
      libc.close(folder)
    }
  }
}

/** Whether a file is open in the folder `/proc/PID/fd` whose path stands at the address: its size is their number (proc_pid_fd(5)). False where it is gone. */
function anyFileAt(libc: Libc, pathAt: number): () => boolean {
  const stat = new Uint32Array(fixedBytes(256).buffer)
  const statAt = libc.ptr(stat)
  return () => Number(libc.syscall(SYS_newfstatat, AT_FDCWD, pathAt, statAt, 0)) === 0 && stat[sizeWord] !== 0
}

/** The number in `socket:[NUMBER]`, 0 for another link, and for none, whose length is negative. */
export function inodeIn(target: Uint8Array, length: number): number {
  if (length <= 8 || target[0] !== letterS || target[6] !== colon) return 0
  let inode = 0
  for (let index = 8; index < length - 1; index++) inode = inode * 10 + (target[index] ?? zero) - zero
  return inode
}
