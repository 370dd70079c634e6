import { Problem } from '../problem.ts'

const day = 86_400_000

/**
 * The time that a person means, as the first and the last millisecond of it since 1970, in the time zone of this machine where none is given: `14:05` and `14:05:30` (the last time that
 * a clock showed it), `yesterday`, `yesterday 14:05`, `2026-11-25`, `2026-11-25 14:05`, and with a zone `2026-11-25T14:05:00Z`. Throws `time-invalid`.
 */
export function parseWhen(text: string, now: Date): { readonly from: number; readonly until: number } {
  const refuse = (): Problem => new Problem('time-invalid', { text })
  const match =
    /^(?:(yesterday|today|\d{4}-\d{2}-\d{2})(?:[ T]|$))?(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text.trim(),
    )
  if (!match || text.trim() === '') throw refuse()
  const [, date, hours, minutes, seconds, zone] = match
  const span = hours === undefined ? day : seconds === undefined ? 60_000 : 1000
  if (Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 59) throw refuse()
  const base = date === undefined ? now : dateOf(date.toLowerCase(), now)
  if (!base || (zone !== undefined && (date === undefined || !/^\d/.test(date)))) throw refuse()
  const clock = [Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0)] as const
  const from = zone === undefined ? local(base, clock) : zoned(date ?? '', clock, zone)
  // A bare time that is still to come today was meant as yesterday's.
  const begin = date === undefined && from > now.getTime() ? local(dayBefore(base), clock) : from
  const end = hours === undefined ? local(dayAfter(base), [0, 0, 0]) : begin + span
  return { from: begin, until: end - 1 }
}

function dateOf(word: string, now: Date): Date | null {
  if (word === 'today') return now
  if (word === 'yesterday') return dayBefore(now)
  const [year = 0, month = 0, date = 0] = word.split('-').map(Number)
  const found = new Date(year, month - 1, date)
  return found.getMonth() === month - 1 && found.getDate() === date ? found : null
}

/** By the calendar: a day may have 23 or 25 hours. */
function dayBefore(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1)
}

function dayAfter(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1)
}

type ClockTime = readonly [hours: number, minutes: number, seconds: number]

function local(date: Date, [hours, minutes, seconds]: ClockTime): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), hours, minutes, seconds).getTime()
}

function zoned(date: string, time: ClockTime, zone: string): number {
  const clock = time.map((part) => String(part).padStart(2, '0')).join(':')
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d{2}):?/, '$1:')
  return new Date(`${date}T${clock}${offset}`).getTime()
}
