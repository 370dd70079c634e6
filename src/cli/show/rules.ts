import { list, printable } from '../../core/text.ts'
import type { Accept } from '../../operations/accept.ts'
import type { RuleSet } from '../../operations/rule-set.ts'
import type { Rules } from '../../operations/rules.ts'
import { paint } from '../terminal.ts'
import type { Screen } from '../terminal.ts'
import { table } from './table.ts'

export function showRules({ rules, accepted }: Rules, screen: Screen): string {
  const rows = table(
    screen,
    rules.map(({ rule, level, preset, summary }) => [
      { text: rule },
      { text: level === preset ? level : `${level} (preset ${preset})` },
      { text: summary, colour: 'dim' as const },
    ]),
  )
  const told = accepted.map(({ rule, about, why }) => `  ${printable(`${rule} of ${about}: ${why}`)}`)
  return `${[...rows, ...(told.length ? ['', paint(screen, 'bold', 'Accepted'), ...told] : [])].join('\n')}\n`
}

export function showRuleSet({ rule, level, changed }: RuleSet): string {
  return `${rule} is ${level}${changed ? '' : ' already'}.\n`
}

export function showAccept({ rule, about, why, withdrawn }: Accept): string {
  if (!about.length) return `${rule} finds nothing now.\n`
  const names = list(about)
  return `${printable(withdrawn ? `${rule} is no longer accepted for ${names}.` : `Accepted: ${rule} of ${names} (${why}).`)}\n`
}
