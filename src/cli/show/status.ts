import { everyHost } from '../../core/host.ts'
import { count, printable } from '../../core/text.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { Board, BoardService } from '../../operations/board.ts'
import { paint } from '../terminal.ts'
import type { Colour, Screen } from '../terminal.ts'
import { engineLine, holdersLine } from './holder.ts'
import { table } from './table.ts'
import type { Cell } from './table.ts'

const colours: Readonly<Record<Verdict, Colour | undefined>> = {
  reserved: 'dim',
  active: 'green',
  unverified: 'yellow',
  taken: 'red',
  silent: 'magenta',
}

/** A terminal is for looking: a longer list of strays is counted there, and whole in a pipe. */
const mostStrays = 20

/** The board: every range with its services, what listens beside them, one line of totals. */
export function showStatus(status: Board, screen: Screen): string {
  if (!status.services.length && !status.ranges.length) {
    return `${[...strays(status, screen), 'Nothing is registered yet. Read your own table with: ports import FILE.md', 'or begin with: ports reserve "Service Name" 3000', ...notes(status, screen)].join('\n')}\n`
  }
  const known = new Set(status.ranges.map(({ name }) => name))
  const sections = status.ranges.map((range): [string, string, BoardService[]] => [
    `${range.name} ${range.from}-${range.to}`,
    range.purpose === '' || range.purpose.toLowerCase() === range.name.toLowerCase() ? '' : range.purpose,
    status.services.filter((service) => service.range === range.name),
  ])
  const others = status.services.filter(({ range }) => range === null || !known.has(range))
  if (others.length) sections.push(['Other services', '', others])
  // One table for all sections, so that the columns stand under each other.
  const lines = table(
    screen,
    sections.flatMap(([, , services]) => services.map(row)),
    { kept: 4 },
  )
  let next = 0
  const body = sections.flatMap(([title, purpose, services]) => {
    const own = lines.slice(next, (next += services.length))
    const heading =
      paint(screen, 'bold', printable(title)) + (purpose ? paint(screen, 'dim', printable(` · ${purpose}`)) : '')
    return [heading, ...(own.length ? own : [paint(screen, 'dim', '  (no service)')]), '']
  })
  return `${[...body, ...strays(status, screen), totals(status, screen), ...notes(status, screen)].join('\n')}\n`
}

/** What is missing on the board, once. Root sees all there is. */
function notes({ hidden, unanswered }: Board, screen: Screen): string[] {
  const sudo =
    hidden > 0 && process.getuid?.() !== 0
      ? [`${count(hidden, 'listener')} of other users: sudo ports shows their processes`]
      : []
  return [...unanswered.map(engineLine).map(printable), ...sudo].map((line) => paint(screen, 'dim', line))
}

function row(service: BoardService): Cell[] {
  const colour = service.verdict === null ? undefined : colours[service.verdict]
  return [
    { text: isConflict(service) ? '!' : ' ', colour: 'red' },
    { text: `${service.port}${service.protocol === 'udp' ? '/udp' : ''}` },
    { text: titleOf(service) },
    { text: service.verdict ?? '', colour },
    { text: holdersLine(service, null) },
    { text: service.description, colour: 'dim' },
  ]
}

function titleOf({ name, resolved, host }: BoardService): string {
  return `${name}${resolved ? ' (Resolved)' : ''}${host === everyHost ? ' (on every host)' : ''}`
}

/** Notices are for the audit; the board marks what will hurt. */
function isConflict({ worst }: BoardService): boolean {
  return worst !== null && worst !== 'notice'
}

function strays({ strays: all }: Board, screen: Screen): string[] {
  if (!all.length) return []
  const shown = screen.terminal ? all.slice(0, mostStrays) : all
  const rows = shown.map((stray): Cell[] => [
    { text: ' ' },
    { text: `${stray.port}/${stray.protocol}` },
    { text: stray.address },
    { text: holdersLine(stray, stray.user) },
  ])
  const more = all.length - shown.length
  return [
    paint(screen, 'bold', 'Strays') + paint(screen, 'dim', ' · they listen, and no service explains them'),
    ...table(screen, rows),
    ...(more ? [paint(screen, 'dim', `    and ${more} more: ports status --json`)] : []),
    '',
  ]
}

function totals({ totals: all, looked, host }: Board, screen: Screen): string {
  if (!looked) {
    const unseen = `its listeners are not looked at from here: type 'ports' on ${printable(host)}`
    return `${count(all.services, 'service')} on ${printable(host)} · ${count(all.findings, 'finding')} · ${unseen}`
  }
  const parts = [
    count(all.services, 'service'),
    ...(['active', 'reserved', 'unverified', 'taken', 'silent'] as const)
      .filter((verdict) => all[verdict] > 0 || verdict === 'active' || verdict === 'taken')
      .map((verdict) => paint(screen, colours[verdict] ?? 'bold', `${all[verdict]} ${verdict}`)),
    count(all.strays, 'stray'),
    count(all.findings, 'finding') + (all.findings ? ' (ports check)' : ''),
  ]
  return parts.join(' · ')
}
