import { count, printable, shorten } from '../../core/text.ts'
import type { Import } from '../../operations/import.ts'

export function showImport({ file, ranges, services, moves, unused, changes, plan, dryRun }: Import): string {
  const holds = `${file} holds ${count(ranges, 'range')}, ${count(services, 'service')} and ${count(moves, 'recorded move')}.`
  const done =
    changes === 0
      ? unused.some(({ contradicts }) => contradicts)
        ? 'The registry stays as it is.'
        : 'The registry says all of that already.'
      : `${count(changes, 'change')}${dryRun ? ' would be made:' : ' made.'}`
  const left = unused.length
    ? [
        `${count(unused.length, 'line')} could not be used:`,
        ...unused.map(({ line, text, why }) => `  line ${line}: ${why} (${shorten(text, 80)})`),
      ]
    : []
  return [holds, done, ...(dryRun ? plan.map((step) => `  ${step}`) : []), ...left]
    .map((line) => `${printable(line)}\n`)
    .join('')
}
