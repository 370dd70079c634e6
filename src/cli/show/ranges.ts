import type { Ranges } from '../../operations/ranges.ts'
import type { Screen } from '../terminal.ts'
import { table } from './table.ts'

export function showRanges({ ranges }: Ranges, screen: Screen): string {
  if (!ranges.length) return 'There is no range yet. Add one with: ports range add "Core Services" 3000 3099\n'
  const rows = ranges.map(({ name, from, to, allocated, size, purpose, examples }) => [
    { text: `${from}-${to}` },
    { text: name },
    { text: `${allocated} of ${size}` },
    { text: purpose },
    { text: examples, colour: 'dim' as const },
  ])
  return `${table(screen, rows, { indent: '' }).join('\n')}\n`
}
