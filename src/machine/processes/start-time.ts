import { readFileSync } from 'node:fs'

/** `USER_HZ`, in which the kernel counts for programs: 100 on every architecture that Bun runs on (include/asm-generic/param.h). */
export const ticksPerSecond = 100

let bootSeconds: number | undefined

/** ISO 8601: the wall clock at so many ticks after boot. Whole seconds of `btime` in `/proc/stat` keep it the same at every look. */
export function startedAt(start: number): string | null {
  bootSeconds ??= Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? Number.NaN)
  return Number.isFinite(bootSeconds) ? new Date((bootSeconds + start / ticksPerSecond) * 1000).toISOString() : null
}

/** The start that a process would have that began now: the kernel counts both from the same boot, and cuts both off at a tick (proc_uptime(5)). */
export function startNow(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]) * ticksPerSecond + 0.5)
}
