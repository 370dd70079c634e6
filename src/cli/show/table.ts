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
  { indent = '  ', kept = 2 }: { indent?: string; kept?: number } = {},
): string[] {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: printable(cell.text) })))
  const widths = fit(naturalWidths(safe), screen.columns - indent.length, kept)
  return safe.map((row) => {
    const cells = widths.map((width, column) => {
      const { text, colour } = row[column] ?? { text: '' }
      const cut = cutTo(text, width)
      const padding = column === widths.length - 1 ? '' : ' '.repeat(width - Bun.stringWidth(cut))
      return (colour ? paint(screen, colour, cut) : cut) + padding
    })
    return `${indent}${cells.join('  ')}`.trimEnd()
  })
}

function naturalWidths(rows: readonly (readonly Cell[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach(({ text }, column) => (widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(text))))
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

/** The text in at most `width` columns of a terminal; wide characters count twice. */
function cutTo(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text
  let cut = ''
  for (const character of text) {
    if (Bun.stringWidth(cut + character) > width - 1) break
    cut += character
  }
  return `${cut}…`
}
