import { count, printable } from '../../core/text.ts'
import { holderLine } from '../show/holder.ts'
import { layOut } from '../show/table.ts'
import type { Cell } from '../show/table.ts'
import type { Colour } from '../terminal.ts'
import { shownRows } from './model.ts'
import type { Model, Row } from './model.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** One line of the screen. */
export interface Line {
  readonly cells: readonly Cell[]
  /** Shown in reverse: the row that keys act on. */
  readonly selected?: boolean
}

const colours: Readonly<Record<NonNullable<Row['verdict']>, Colour | undefined>> = {
  reserved: 'dim',
  active: 'green',
  unverified: 'yellow',
  taken: 'red',
  silent: 'magenta',
  stray: 'cyan',
}

const help = [
  'up down  page  home end   choose a row',
  '/    show only rows with these words (esc: all)',
  's    start the service     t  stop it',
  'x    kill who listens: shows the plan, then asks',
  'o    open in the browser   l  read the log',
  '?    these keys            q  quit',
]

/** How many rows of the board fit. */
export function pageOf(size: Size): number {
  return Math.max(1, size.rows - 2 - eventLinesOf(size))
}

/** The whole screen, as many lines as it has, none wider than it is. */
export function render(model: Model, size: Size): Line[] {
  const { mode } = model
  const body =
    mode.kind === 'help'
      ? help.map((line) => plain(line))
      : mode.kind === 'page' || mode.kind === 'ask'
        ? mode.lines.slice(-Math.max(1, size.rows - 2)).map((line) => plain(line))
        : [...board(model, size), ...events(model, size)]
  const lines = [heading(model), ...filled(body, size.rows - 2), footer(model)]
  return filled(lines.slice(0, size.rows), size.rows).map((line) => cut(line, size.columns))
}

function heading({ totals, filter, mode }: Model): Line {
  if (!totals) return plain('ports watch', 'bold')
  const words = [
    ...(['active', 'taken', 'unverified', 'silent', 'reserved'] as const)
      .filter((verdict) => totals[verdict] > 0)
      .map((verdict): Cell => ({ text: `${totals[verdict]} ${verdict}`, colour: colours[verdict] })),
    { text: count(totals.strays, 'stray') },
    { text: count(totals.findings, 'finding') },
  ]
  const typed: Cell[] = filter || mode.kind === 'filter' ? [{ text: `/${filter} `, colour: 'bold' }] : []
  return { cells: [...typed, ...words.flatMap((word) => [word, { text: ' · ' }]).slice(0, -1)] }
}

function board(model: Model, size: Size): Line[] {
  const all = shownRows(model)
  if (!all.length)
    return [plain(model.filter ? 'No row has these words.' : 'Nothing listens, and nothing is registered.')]
  const page = pageOf(size)
  const top = Math.max(0, Math.min(model.selected - Math.floor(page / 2), all.length - page))
  const shown = all.slice(top, top + page)
  return layOut(size.columns, shown.map(cellsOf), { indent: '', kept: 2 }).map((cells, index) => ({
    cells,
    selected: top + index === model.selected,
  }))
}

function cellsOf(row: Row): Cell[] {
  const holders = row.holders.map(holderLine).join(', ')
  const colour = row.verdict === null ? undefined : colours[row.verdict]
  const hidden = row.service === null && !holders ? `a process of ${row.user}, not visible to you` : ''
  return [
    { text: `${row.port}${row.protocol === 'udp' ? '/udp' : ''}` },
    { text: row.service ?? row.address, colour },
    { text: row.verdict ?? '', colour },
    { text: holders || hidden },
  ]
}

/** A low screen is for the board alone. */
function eventLinesOf({ rows }: Size): number {
  return rows < 14 ? 0 : 4
}

function events(model: Model, size: Size): Line[] {
  const most = eventLinesOf(size)
  if (!most) return []
  const latest = model.events.slice(1 - most).map((line) => plain(line, 'dim'))
  return [...filled([], Math.max(0, pageOf(size) - shownRows(model).length)), plain(''), ...latest]
}

function footer({ mode, message }: Model): Line {
  const words = {
    board: message || '? keys  q quit',
    filter: 'type words, then enter',
    help: 'any key: back',
    page: 'any key: back',
    ask: 'y: do it   any other key: no',
  }
  return plain(words[mode.kind], mode.kind === 'ask' ? 'yellow' : 'dim')
}

function plain(text: string, colour?: Colour): Line {
  return { cells: [{ text, colour }] }
}

function filled(lines: readonly Line[], length: number): Line[] {
  return Array.from({ length: Math.max(0, length) }, (_, index) => lines[index] ?? plain(''))
}

/** Nothing that came from outside steers the terminal, and no line is so wide that it would break. */
function cut(line: Line, columns: number): Line {
  let left = columns
  const cells: Cell[] = []
  for (const cell of line.cells) {
    const text = firstColumns(printable(cell.text), left)
    left -= Bun.stringWidth(text)
    cells.push({ ...cell, text })
  }
  return { ...line, cells }
}

function firstColumns(text: string, most: number): string {
  if (Bun.stringWidth(text) <= most) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += Bun.stringWidth(character)
    if (width > most) break
    kept += character
  }
  return kept
}
