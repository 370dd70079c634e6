import { printable } from '../../core/text.ts'
import { paint } from '../terminal.ts'
import type { Colour, Screen } from '../terminal.ts'

export interface Cell {
  readonly text: string
  readonly colour?: Colour | undefined
}

/** Narrower than this a column says nothing any more and is left out instead. */
const narrowest = 6

/**
 * Rows in columns, as wide as their widest cell. On a terminal that is too narrow the last columns are cut and then left out; of the
 * first `kept` ones the widest is cut. Every cell is made printable here, so that nothing that came from outside reaches a terminal raw. Lines are indented by `indent`.
 */
export function table(
  screen: Screen,
  rows: readonly (readonly Cell[])[],
  options: { indent?: string; kept?: number } = {},
): string[] {
  return layOut(screen.columns, rows, options).map((cells) =>
    cells
      .map(({ text, colour }) => (colour ? paint(screen, colour, text) : text))
      .join('')
      .trimEnd(),
  )
}

/** The same as cells that stand side by side, the space between them cells of its own. */
export function layOut(
  columns: number,
  rows: readonly (readonly Cell[])[],
  { indent = '  ', kept = 2 }: { indent?: string; kept?: number } = {},
): Cell[][] {
  const measured = rows.map((row) => row.map(measure))
  const widths = fit(naturalWidths(measured), columns - indent.length, kept)
  return measured.map((row) => {
    const cells: Cell[] = [{ text: indent }]
    for (const [column, width] of widths.entries()) {
      const cell = cutTo(row[column] ?? emptyCell, width)
      cells.push(cell)
      if (column < widths.length - 1) cells.push({ text: ' '.repeat(width - cell.width + 2) })
    }
    return cells
  })
}

interface MeasuredCell extends Cell {
  /** Columns of a terminal that it takes. */
  readonly width: number
}

const emptyCell: MeasuredCell = { text: '', width: 0 }

function measure({ text, colour }: Cell): MeasuredCell {
  const safe = printable(text)
  return { text: safe, colour, width: Bun.stringWidth(safe) }
}

function naturalWidths(rows: readonly (readonly MeasuredCell[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, { width }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width)
  return widths
}

function fit(natural: readonly number[], available: number, kept: number): number[] {
  const widths = [...natural]
  const over = (): number => widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1) - available
  while (over() > 0 && widths.length > kept) {
    const last = widths.length - 1
    const room = (widths[last] ?? 0) - over()
    if (room >= narrowest) widths[last] = room
    else widths.pop()
  }
  while (over() > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= 1) break
    widths[widest] = Math.max(1, width - over(), Math.floor(width / 2))
  }
  return widths
}

/** The cell in at most so many columns of a terminal; wide characters count twice. */
function cutTo(cell: MeasuredCell, most: number): MeasuredCell {
  if (cell.width <= most) return cell
  let text = ''
  for (const character of cell.text) {
    if (Bun.stringWidth(text + character) > most - 1) break
    text += character
  }
  return measure({ ...cell, text: `${text}…` })
}
