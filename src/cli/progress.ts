import { printable, shorten } from '../core/text.ts'
import { isTerminal, writeError } from './terminal.ts'

export interface Progress {
  readonly say: (line: string) => void
  /** A line that stays. */
  readonly warn: (line: string) => void
  /** Takes the line away. */
  readonly end: () => void
}

/** What is being waited for, on standard error: one line that changes where somebody looks, a line each where it goes to a file. */
export function startProgress(quiet: boolean): Progress {
  const terminal = isTerminal(2)
  let shown = false
  const end = (): void => {
    if (shown) writeError('\r\u001b[K')
    shown = false
  }
  return {
    end,
    warn(line) {
      end()
      writeError(`ports: ${printable(line)}\n`)
    },
    say(line) {
      if (quiet && !terminal) return
      const text = printable(line)
      writeError(terminal ? `\r\u001b[K${shorten(text, (process.stderr.columns || 80) - 1)}` : `${text}\n`)
      shown = terminal
    },
  }
}
