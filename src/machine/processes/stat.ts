import { readdirSync, readFileSync } from 'node:fs'

/** What `/proc/PID/stat` tells of a process, see proc_pid_stat(5). */
export interface ProcessStat {
  readonly pid: number
  /** At most 15 bytes, chosen by the process itself: may hold anything. */
  readonly comm: string
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly terminal: boolean
  /** A thread of the kernel. In a pid namespace its pid says nothing. */
  readonly kernel: boolean
  /** Clock ticks after boot. */
  readonly start: number
  /** Ended and not yet waited for by its parent. */
  readonly ended: boolean
}

/** `PF_KTHREAD` of include/linux/sched.h. */
const kernelThread = 0x0020_0000

/** Null for text that is no such line. */
export function parseStat(text: string): ProcessStat | null {
  // The name stands in brackets and may hold brackets and spaces itself: it ends at the last one.
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text.slice(close + 2).split(' ')
  const number = (index: number): number => Number(fields[index - 3] ?? Number.NaN)
  const start = number(22)
  if (!Number.isFinite(start)) return null
  return {
    pid: Number.parseInt(text, 10),
    comm: text.slice(open + 1, close),
    parent: number(4),
    group: number(5),
    session: number(6),
    terminal: number(7) !== 0,
    kernel: (number(9) & kernelThread) !== 0,
    start,
    // The state is that of the first thread, which may have ended while others go on.
    ended: fields[0] === 'X' || (fields[0] === 'Z' && number(20) <= 1),
  }
}

/** Null for a process that is gone. */
export function readStat(pid: number): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/** The pids of all processes that we can see, in no order that means anything. */
export function readPids(): number[] {
  const pids: number[] = []
  for (const name of readdirSync('/proc')) {
    // A folder that begins with a digit is a process; a regular expression would cost as much as the reading.
    const first = name.charCodeAt(0)
    if (first >= 48 && first <= 57) pids.push(Number(name))
  }
  return pids
}
