import { paint } from '../terminal.ts'
import type { Screen } from '../terminal.ts'
import type { Line, Size } from './render.ts'

// ECMA-48, and xterm's ctlseqs for private modes: 1049 the other screen, 25 the cursor, 2026 a whole picture at once where the terminal knows that.
const enter = '\u001b[?1049h\u001b[?25l\u001b[2J'
const leave = '\u001b[0m\u001b[?25h\u001b[?1049l'
const begin = '\u001b[?2026h'
const end = '\u001b[?2026l'

/** What is on the terminal, so that only lines that have changed are sent again. */
export class Drawing {
  readonly #screen: Screen
  #shown: string[] = []
  #size: Size = { columns: 0, rows: 0 }

  constructor(screen: Screen) {
    this.#screen = screen
  }

  readonly enter = enter
  /** The terminal as it was before, with its cursor. */
  readonly leave = leave

  /** What has to be sent so that the terminal shows these lines; empty where it does already. */
  frame(lines: readonly Line[], size: Size): string {
    const resized = size.columns !== this.#size.columns || size.rows !== this.#size.rows
    if (resized) this.#shown = []
    this.#size = size
    const painted = lines.map((line) => this.#paint(line))
    const changed = painted.flatMap((line, index) =>
      line === this.#shown[index] ? [] : [`\u001b[${index + 1};1H${line}\u001b[K`],
    )
    this.#shown = painted
    return changed.length ? `${begin}${resized ? '\u001b[2J' : ''}${changed.join('')}${end}` : ''
  }

  #paint({ cells, selected }: Line): string {
    // A colour would end the reverse in the middle of the line.
    if (selected) return `\u001b[7m${cells.map(({ text }) => text).join('')}\u001b[0m`
    return cells.map(({ text, colour }) => (colour ? paint(this.#screen, colour, text) : text)).join('')
  }
}
