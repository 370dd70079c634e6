import { count, printable } from '../../core/text.ts'
import type { Resolve } from '../../operations/resolve.ts'
import { paint } from '../terminal.ts'
import type { Screen } from '../terminal.ts'
import { showDiff } from './diff.ts'
import { holderLine } from './holder.ts'

export function showResolve({ steps, left, running, saying, diff, applied, mended }: Resolve, screen: Screen): string {
  const moves = steps.filter(({ action }) => action === 'move').length
  const head = !steps.length
    ? left.length
      ? 'No move ends what is left.'
      : 'There is nothing to resolve.'
    : applied
      ? `${count(steps.length, 'step')} made, ${count(moves, 'move')} among them:`
      : `${count(steps.length, 'step')} would be made, ${count(moves, 'move')} among them:`
  const lines = [
    head,
    ...steps.map(({ says }) => `  ${printable(says)}`),
    ...section(
      screen,
      'Left as it is',
      left.map(({ rule, service, port, why }) => `${rule}: ${service} on ${port}, ${why}`),
    ),
    ...section(
      screen,
      applied ? 'Still on the old port; start again' : 'To be started again after the move',
      running.map(
        ({ service, from, to, holders }) =>
          `${service} ${from} -> ${to}: ${holders.map(holderLine).join(', ')}; ports restart "${service}"`,
      ),
    ),
    ...section(
      screen,
      mended ? 'Files that said an old port, mended' : 'Files that say an old port',
      saying.filter(({ sure }) => sure).map(placeLine),
    ),
    ...section(
      screen,
      'Look at these yourself: the old port may be meant',
      saying.filter(({ sure }) => !sure).map(placeLine),
    ),
    ...(applied && !mended && saying.length ? ["  'ports drift --fix' mends what is sure."] : []),
    ...(steps.length
      ? [
          '',
          applied
            ? "'ports undo' takes it back."
            : `Make it so with 'ports resolve --apply'${saying.length && !diff ? ', in the files as well with --files' : ''}.`,
        ]
      : []),
  ]
  return `${showDiff(diff, screen)}${lines.join('\n')}\n`
}

function placeLine({ file, line, column, service, says, shouldSay }: Resolve['saying'][number]): string {
  return `${file}:${line}:${column}: ${service} ${says}${shouldSay === null ? '' : ` -> ${shouldSay}`}`
}

function section(screen: Screen, title: string, lines: readonly string[]): string[] {
  return lines.length ? ['', paint(screen, 'bold', title), ...lines.map((line) => `  ${printable(line)}`)] : []
}
