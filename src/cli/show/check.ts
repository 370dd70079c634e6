import { severities } from '../../core/audit/finding.ts'
import type { Severity } from '../../core/audit/finding.ts'
import { count, list, printable } from '../../core/text.ts'
import type { Check } from '../../operations/check.ts'
import { paint } from '../terminal.ts'
import type { Colour, Screen } from '../terminal.ts'

const colours: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', notice: 'cyan' }

export function showCheck({ file, findings, accepted, all, text }: Check, screen: Screen): string {
  if (text !== null) return text
  const lines = findings.flatMap((finding) => [
    `${paint(screen, colours[finding.severity], finding.severity)} ${sentence(finding, file)} ${paint(screen, 'dim', `[${finding.rule}]`)}`,
    `  ${printable(finding.hint)}`,
  ])
  const shown = all
    ? accepted.map((one) => `accepted ${sentence(one, file)} [${one.rule}]\n  ${printable(one.why)}`)
    : []
  const counts = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity))
  const more = accepted.length ? `; ${count(accepted.length, 'finding')} accepted${all ? '' : ' (--all)'}` : ''
  const total = `${counts.length ? list(counts) : 'Nothing is wrong'}${more}.`
  return `${[...lines, ...shown, ...(lines.length + shown.length ? [''] : []), total].join('\n')}\n`
}

/** In the document that was checked the line is enough; a file of a project is named. */
function sentence({ message, file, line }: Check['findings'][number], document: string | null): string {
  const place =
    file === document ? (line === null ? '' : `line ${line}: `) : `${file}${line === null ? '' : `:${line}`}: `
  return printable(`${place}${message}`)
}
