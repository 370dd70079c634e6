import { count, printable } from '../../core/text.ts'
import type { HistoryAnswer } from '../../operations/history.ts'
import type { ShownEvent } from '../../operations/watch.ts'
import type { Screen } from '../terminal.ts'
import { holderLine } from './holder.ts'
import { beginWords, dateTime, endWords, ownerWords } from './owner.ts'
import { table } from './table.ts'
import type { Cell } from './table.ts'

export function showEvents({ events }: { events: ShownEvent[] }): string {
  return events.map((event) => `${eventLine(event)}\n`).join('')
}

/** One event on one line, made printable. */
export function eventLine(event: ShownEvent): string {
  const spot = `${event.port}/${event.protocol}`
  const time = clockTime(event.at)
  if (event.kind === 'verdict') {
    return printable(`${time} verdict ${spot} ${event.service}: ${event.from} -> ${event.to}`)
  }
  const who = event.holders.map(holderLine).join(', ') || `a process of ${event.user}`
  const before = event.before.length ? `, before ${event.before.map(holderLine).join(', ')}` : ''
  const words = { opened: 'opened', closed: 'closed', 'taken-over': 'taken over' }[event.kind]
  return printable(`${time} ${words} ${spot} ${event.address} by ${who}${before}`)
}

export function showHistory({ port, at, since, owners, verdicts, leftOut }: HistoryAnswer, screen: Screen): string {
  const what = port === null ? 'any port' : String(port)
  if (since === null) return 'There is no history: nobody has watched yet. It is written while this runs: ports watch\n'
  const asked = at && `between ${dateTime(at.from)} and ${dateTime(at.until)}`
  const gap = { all: '', some: 'Part of that time nobody watched.', none: 'Nobody watched then.' }[at?.watched ?? 'all']
  const rows = owners.map((owner): Cell[] => [
    { text: owner.flapping ? '!' : ' ', colour: 'red' },
    { text: `${owner.port}/${owner.protocol}` },
    { text: beginWords(owner) },
    { text: endWords(owner) },
    { text: owner.address },
    { text: ownerWords(owner) },
  ])
  const changes = verdicts.map((change): Cell[] => [
    { text: ' ' },
    { text: `${change.port}/${change.protocol}` },
    { text: dateTime(change.at) },
    { text: `${change.service}: ${change.from} -> ${change.to}` },
  ])
  const lines = [
    ...(rows.length ? table(screen, rows, { kept: 4 }) : [`Nobody was seen on ${what}${asked ? ` ${asked}` : ''}.`]),
    ...(changes.length ? ['', 'Verdicts', ...table(screen, changes, { kept: 4 })] : []),
    ...(gap ? [gap] : []),
    ...(owners.some(({ flapping }) => flapping) ? ['! flapping: three or more took turns within a minute'] : []),
    ...(leftOut ? [`${count(leftOut, 'older one')} left out: --lines`] : []),
    `Watched since ${dateTime(since)}, as long as ports watch was running.`,
  ]
  return `${lines.join('\n')}\n`
}

function clockTime(iso: string): string {
  return dateTime(iso).slice(11)
}
