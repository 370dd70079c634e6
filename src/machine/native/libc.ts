import { dlopen, FFIType, ptr, read } from 'bun:ffi'
import type { FFIFunction } from 'bun:ffi'

type Opened = ReturnType<typeof load>
export type Libc = NonNullable<Opened>

let opened: Opened | undefined

/**
 * The C library, opened when it is first asked for so that a command which needs no system call of ours does not pay (0.2 ms, November
 * 2026). Null where it cannot be opened, and where the environment says `IZA_PORTS_NATIVE=0`, which is for finding out whether a wrong
 * answer comes from here: everything then goes the portable way, which is slower and tells IPv6-only sockets by inference.
 */
export function openLibc(): Opened {
  if (process.env['IZA_PORTS_NATIVE'] === '0') return null
  opened ??= load()
  return opened
}

/** The C functions that every look calls, as `bun:ffi` wants them told. Those of rarer needs are apart: each one that is opened costs every command some time. */
function load() {
  // Sizes and results, which come as plain numbers: none of them passes 2^53.
  const symbols = openSymbols({
    __errno_location: { args: [], returns: 'ptr' },
    open: { args: ['ptr', 'i32'], returns: 'i32' },
    close: { args: ['i32'], returns: 'i32' },
    readlinkat: { args: ['i32', long, 'ptr', long], returns: long },
    socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
    send: { args: ['i32', 'ptr', long, 'i32'], returns: long },
    recv: { args: ['i32', 'ptr', long, 'i32'], returns: long },
    /** Variadic in C; on x86-64 and AArch64 Linux variadic integers travel in the same registers as named ones. */
    syscall: { args: [long, long, long, long, long], returns: long },
  })
  if (!symbols) return null
  return {
    ...symbols,
    ptr,
    /** The number of the error of the call before: ask at once, the next call of anybody changes it. */
    errno: (): number => {
      const place = symbols.__errno_location() // oxlint-disable-line no-underscore-dangle -- the name is the C library's
      return place === null ? 0 : read.i32(place)
    },
  }
}

/** The calls that listen. */
export function openListening() {
  return openSymbols({
    setsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'i32'], returns: 'i32' },
    bind: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
    listen: { args: ['i32', 'i32'], returns: 'i32' },
    inet_pton: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
    if_nametoindex: { args: ['ptr'], returns: 'u32' },
  })
}

/** The call that becomes another program. */
export function openExec() {
  return openSymbols({ execv: { args: ['ptr', 'ptr'], returns: 'i32' } })
}

/** The calls that map a file. */
export function openMapping() {
  return openSymbols({
    mmap: { args: [long, long, 'i32', 'i32', 'i32', long], returns: 'ptr' },
    munmap: { args: [long, long], returns: 'i32' },
  })
}

const long = FFIType.i64_fast

function openSymbols<const Signatures extends Record<string, FFIFunction>>(signatures: Signatures) {
  // glibc's name first, then musl's (Alpine), whose bare `libc.so` is a linker script where glibc has one.
  for (const name of ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`, 'libc.so']) {
    try {
      return dlopen(name, signatures).symbols
    } catch {
      continue
    }
  }
  return null
}
