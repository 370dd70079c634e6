import { readFileSync } from 'node:fs'
import type { Usage } from '../../core/usage.ts'
import { ticksPerSecond } from './start-time.ts'

/** What the process has used so far, from `/proc/PID/stat` and `status` (proc_pid_stat(5), proc_pid_status(5)). Null for one that is gone. */
export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3])
    const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
    return { cpuSeconds: ticks / ticksPerSecond, memoryBytes: kibibytes * 1024 }
  } catch {
    return null
  }
}
