import { list, printable } from '../../core/text.ts'
import type { Compose } from '../../operations/compose.ts'

export function showCompose({ steps, clashes, text, file, written }: Compose): string {
  const lines = [
    ...steps.map(
      ({ service, action, from, to, why }) =>
        `${service}: ${action === 'move' ? `${from ?? 'a free port'} -> ${to}` : (from ?? 'a free port')} (${why})`,
    ),
    ...clashes.map(
      ({ port, protocol, services }) =>
        `${list(services)} would both publish ${port}/${protocol}. Give one of them another port in the registry, or a label.`,
    ),
    outcome(),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('') + (text !== null && !written ? text : '')

  function outcome(): string {
    if (clashes.length || steps.some(({ action }) => action === 'ambiguous'))
      return 'Nothing was written: that has to be decided first.'
    if (text === null) return 'The project publishes what the registry says: no override is needed.'
    return written ? `Written to ${file}. Start with: docker compose up -d` : `${file} would be, or is already:`
  }
}
