import { readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../core/listener.ts'
import { readStat } from './stat.ts'
import type { ProcessStat } from './stat.ts'

let boot: string | undefined

/** The id that the kernel makes up at every boot, see random(4). */
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return boot
}

export function identityOf({ pid, start }: Pick<ProcessStat, 'pid' | 'start'>): ProcessIdentity {
  return { boot: bootId(), pid, start }
}

/** Whether the pid still belongs to exactly this process and it has not ended. */
export function isAlive(process: ProcessIdentity): boolean {
  const stat = process.boot === bootId() ? readStat(process.pid) : null
  return stat !== null && stat.start === process.start && !stat.ended
}
