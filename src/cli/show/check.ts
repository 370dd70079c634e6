import { sayFinding } from '../../core/audit/audit.ts'
import { severities } from '../../core/audit/finding.ts'
import type { Severity } from '../../core/audit/finding.ts'
import { count, list, printable } from '../../core/text.ts'
import type { Check } from '../../operations/check.ts'
import { paint } from '../terminal.ts'
import type { Colour, Screen } from '../terminal.ts'

const colours: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', notice: 'cyan' }

export function showCheck({ findings }: Check, screen: Screen): string {
  if (!findings.length) return 'Nothing is wrong.\n'
  const lines = findings.flatMap((finding) => [
    `${paint(screen, colours[finding.severity], finding.severity)} ${printable(sayFinding(finding))} ${paint(screen, 'dim', `[${finding.rule}]`)}`,
    `  ${printable(finding.hint)}`,
  ])
  const counts = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity))
  return `${[...lines, '', `${list(counts)}.`].join('\n')}\n`
}
