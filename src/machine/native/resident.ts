import { readFileSync, readlinkSync } from 'node:fs'
import type { Libc } from './libc.ts'

const SYS_madvise = process.arch === 'arm64' ? 233 : 28
const MADV_DONTNEED = 4

/**
 * Lets go of the pages of our own program that are in our memory, see madvise(2): the system keeps them, and gives back those that are touched again. A start touches
 * 50 MB of the program, and what goes on needs 20 (November 2026). Does nothing where the system does not tell what is where.
 */
export function letGoOfProgram(libc: Libc | null): void {
  if (!libc) return
  for (const { from, to } of ownParts()) libc.syscall(SYS_madvise, from, to - from, MADV_DONTNEED, 0)
}

function ownParts(): Part[] {
  try {
    return unchangedParts(readFileSync('/proc/self/smaps', 'latin1'), readlinkSync('/proc/self/exe'))
  } catch {
    // There is no /proc, or it hides us from ourselves.
    return []
  }
}

interface Part {
  readonly from: number
  readonly to: number
}

/**
 * Where a file is mapped that nobody may write to and that is as it is on the disk, from the text of `/proc/PID/smaps` (proc_pid_smaps(5)). What was changed once is kept:
 * the addresses that a loader has filled in are closed for writing afterwards, and would be lost.
 */
export function unchangedParts(smaps: string, file: string): Part[] {
  const parts: Part[] = []
  for (const mapping of smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const [, from = '', to = '', rights = '', path] =
      /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ +(.*)/.exec(mapping) ?? []
    const changed = /^Anonymous: +(\d+) kB$/m.exec(mapping)?.[1]
    if (path === file && !rights.includes('w') && changed === '0')
      parts.push({ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) })
  }
  return parts
}
