import { printable } from '../../core/text.ts'
import type { Report, Reported } from './report.ts'

/**
 * The findings as workflow commands, which GitHub shows beside the lines of a change
 * (docs.github.com/actions/reference/workflow-commands-for-github-actions). A name in a finding cannot begin another command: line ends are escaped.
 */
export function writeGithub({ findings }: Report): string {
  return findings.map((finding) => `${command(finding)}\n`).join('')
}

function command({ severity, rule, message, hint, file, line }: Reported): string {
  const place = file === null ? [] : [`file=${property(file)}`, ...(line === null ? [] : [`line=${line}`])]
  return `::${severity} ${[...place, `title=${property(rule)}`].join(',')}::${data(`${message}. ${hint}`)}`
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
