import { count, list, printable, shorten } from '../../core/text.ts'
import type { Import } from '../../operations/import.ts'
import type { Screen } from '../terminal.ts'
import { table } from './table.ts'
import type { Cell } from './table.ts'

export function showImport(imported: Import, screen: Screen): string {
  const { unused, changes, plan, dryRun, recipes, startedBy } = imported
  const done =
    changes === 0
      ? unused.some(({ contradicts }) => contradicts)
        ? 'The registry stays as it is.'
        : 'The registry says all of that already.'
      : `${count(changes, 'change')}${dryRun ? ' would be made:' : ' made.'}`
  const left = unused.length
    ? [
        startedBy === 'ports'
          ? `${count(unused.length, 'line')} ${unused.length === 1 ? 'was' : 'were'} not taken:`
          : `${count(unused.length, 'line')} could not be used:`,
        ...unused.map(({ line, text, why }) => `  line ${line}: ${why} (${shorten(text, 80)})`),
      ]
    : []
  const said = [holds(imported), done, ...(dryRun ? plan.map((step) => `  ${step}`) : [])].map(printable)
  const rows = dryRun ? [] : table(screen, recipes.map(rowOf), { indent: '  ' })
  const has = (wanted: Import['recipes'][number]['outcome']): boolean =>
    !dryRun && recipes.some(({ outcome }) => outcome === wanted)
  const next = has('new')
    ? ['Start one with ports up NAME, and all that have a recipe with ports up.']
    : has('replaced')
      ? ['What runs goes on as it was started: ports restart NAME']
      : startedBy === 'compose'
        ? ['Compose starts their containers (docker compose up); no recipes are kept for them.']
        : []
  return [...said, ...rows, ...left.map(printable), ...next].map((line) => `${line}\n`).join('')
}

function holds({ file, ranges, services, moves, recipes, unused, startedBy }: Import): string {
  if (recipes.length) return `${file} starts ${count(services, 'service')}.`
  if (startedBy === 'ports')
    return `${file} starts no service that could be taken${unused.length ? '' : ': it names none'}.`
  return `${file} holds ${list([count(ranges, 'range'), count(services, 'service'), count(moves, 'recorded move')])}.`
}

const outcomes = { new: 'new', same: 'as it was', differs: 'yours stays', replaced: 'replaced' } as const

function rowOf({ service, port, command, outcome }: Import['recipes'][number]): Cell[] {
  return [
    { text: service },
    { text: port === null ? 'no port' : String(port) },
    { text: outcomes[outcome], colour: outcome === 'differs' ? 'yellow' : undefined },
    { text: shorten(command, 80), colour: 'dim' },
  ]
}
