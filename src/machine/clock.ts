import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Clock } from '../operations/world.ts'

/** The clocks of this machine; `boot` names the time since it was started. */
export function systemClock(boot: () => string): Clock {
  return {
    now: () => new Date(),
    elapsed: () => performance.now(),
    moment: () => ({ boot: boot(), at: Math.round(uptimeSeconds() * 1000) }),
    sleep(milliseconds, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds)
        signal?.addEventListener('abort', wake)
      })
    },
  }
}

/** The kernel's own count since boot: time asleep counts, and no setting of the clock moves it (proc_uptime(5)). */
function uptimeSeconds(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0])
  } catch {
    return uptime()
  }
}
