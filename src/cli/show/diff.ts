import { printable } from '../../core/text.ts'
import { paint } from '../terminal.ts'
import type { Colour, Screen } from '../terminal.ts'

/** A unified diff. A terminal gets it in colour and with whatever could steer it shown as escapes; a pipe gets it as it is, for `git apply`. */
export function showDiff(diff: string, screen: Screen): string {
  if (!screen.terminal && !screen.colour) return diff
  return diff
    .split('\n')
    .map((line) => paintLine(line, screen))
    .join('\n')
}

function paintLine(line: string, screen: Screen): string {
  const safe = line.split('\t').map(printable).join('\t')
  const colour = colourOf(line)
  return colour ? paint(screen, colour, safe) : safe
}

function colourOf(line: string): Colour | null {
  if (line.startsWith('---') || line.startsWith('+++')) return 'bold'
  if (line.startsWith('@@')) return 'cyan'
  return line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : null
}
