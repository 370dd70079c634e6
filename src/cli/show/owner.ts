import type { Owner } from '../../operations/last-owners.ts'
import { holderLine } from './holder.ts'

/** Since when somebody had a port. */
export function beginWords({ from, seenToBegin }: Owner): string {
  return `${seenToBegin ? '' : 'before '}${dateTime(from)}`
}

/** Until when, and how long that was. */
export function endWords({ until, seenToEnd, milliseconds }: Owner): string {
  if (until === null) return 'still there'
  return `${seenToEnd ? '' : 'last seen '}${dateTime(until)} (${span(milliseconds ?? 0)})`
}

export function ownerWords(owner: Owner): string {
  const { command, pid, user } = owner
  return command === null ? `a process of ${user}` : holderLine({ ...owner, command, pid: pid ?? 0, startedAt: null })
}

/** In the time zone of who reads it. */
export function dateTime(iso: string | null): string {
  if (iso === null) return 'unknown'
  const date = new Date(iso)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}

function span(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 100) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
