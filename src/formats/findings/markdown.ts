import { count, list } from '../../core/text.ts'
import { severities } from '../../core/audit/finding.ts'
import { escapeText } from '../markdown/escape.ts'
import type { Report, Reported } from './report.ts'

/** The findings as a table, for a comment or a summary. */
export function writeMarkdown({ file, findings, accepted }: Report): string {
  const title = `## Port audit${file === null ? '' : ` of ${escapeText(file)}`}`
  const rows = findings.map(
    (finding) =>
      `| ${finding.severity} | ${place(finding, file)} | ${escapeText(finding.message)} | ${escapeText(finding.hint)} | \`${finding.rule}\` |`,
  )
  const table = ['| Severity | Place | Finding | What to do | Rule |', '| --- | --- | --- | --- | --- |', ...rows]
  const parts = [title, ...(rows.length ? [table.join('\n')] : []), summary(findings, accepted.length)]
  return `${parts.join('\n\n')}\n`
}

/** The line is enough in the document that was checked; another file is named. */
function place({ file, line }: Reported, document: string | null): string {
  const number = line === null ? '' : String(line)
  return file === null || file === document ? number : escapeText(number ? `${file}:${number}` : file)
}

function summary(findings: readonly Reported[], accepted: number): string {
  const counts = severities
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity))
  const found = counts.length ? list(counts) : 'Nothing is wrong'
  return `${found}${accepted ? `, ${accepted} accepted` : ''}.`
}
