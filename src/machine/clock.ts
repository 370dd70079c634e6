import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Moment } from '../core/moment.ts'
import type { Clock } from '../operations/world.ts'
import { bootId } from './processes/identity.ts'

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  moment,
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

/** The kernel's own count since boot (proc_uptime(5): time asleep included), and its name for the boot. */
function moment(): Moment {
  try {
    const [seconds = ''] = readFileSync('/proc/uptime', 'latin1').split(' ')
    return { boot: bootId(), at: Number(seconds) * 1000 }
  } catch {
    return { boot: 'unknown', at: uptime() * 1000 }
  }
}
