import type { Libc } from './libc.ts'
import { fixedBytes } from './memory.ts'

const SYS_ioctl = process.arch === 'arm64' ? 29 : 16
const TIOCGWINSZ = 0x5413

/** How many columns the terminal behind a descriptor has (ioctl_tty(2), `struct winsize`). Null where no terminal is, or none that tells. */
export function terminalColumns(libc: Libc | null, descriptor: number): number | null {
  const size = fixedBytes(8)
  if (!libc || Number(libc.syscall(SYS_ioctl, descriptor, TIOCGWINSZ, libc.ptr(size), 0)) !== 0) return null
  return new DataView(size.buffer).getUint16(2, true) || null
}
