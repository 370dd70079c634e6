import { readFileSync } from 'node:fs'
import type { Moment } from '../../core/history/tenure.ts'
import { bootId } from './identity.ts'

/** Now, by `/proc/uptime`: it counts while the machine sleeps, and no setting of the clock moves it (proc_uptime(5)). */
export function moment(): Moment {
  const seconds = Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0])
  return { boot: bootId(), uptime: Math.round(seconds * 1000) }
}
