import { count, list, printable } from '../../core/text.ts'
import type { DriftAnswer } from '../../operations/drift.ts'
import { paint } from '../terminal.ts'
import type { Screen } from '../terminal.ts'
import { showDiff } from './diff.ts'

export function showDrift(
  { findings, mentions, broken, files, diff, dryRun, asked }: DriftAnswer,
  screen: Screen,
): string {
  const mended = findings.filter((one) => one.mended)
  const planned = dryRun && diff !== ''
  const left = findings.filter((one) => !one.mended)
  const lines = [
    ...mentions.map(
      ({ port, protocol, service, ...place }) =>
        `${at(place)} ${port}${protocol === 'udp' ? '/udp' : ''} ${service ?? paint(screen, 'dim', 'no registered service')}`,
    ),
    ...(planned ? [] : left.flatMap((one) => showFinding(one, screen))),
    ...broken.map(
      ({ why, ...place }) => `${at(place)} ${paint(screen, 'yellow', 'not understood')}: ${printable(why)}`,
    ),
    summary(),
  ]
  return `${asked ? '' : showDiff(diff, screen)}${lines.join('\n')}\n`

  function summary(): string {
    const passed = [
      ...(files.large ? [`${count(files.large, 'file')} over 1 MB`] : []),
      ...(files.binary ? [`${count(files.binary, 'file')} that ${files.binary === 1 ? 'is' : 'are'} not text`] : []),
    ]
    const read = `${count(files.read, 'file')} read${passed.length ? `, ${list(passed)} passed over` : ''}.`
    if (mended.length) return `${count(mended.length, 'number')} replaced, ${left.length} left. ${read}`
    if (!findings.length) return `No file says another port than the registry. ${read}`
    const likely = left.some(({ confidence, shouldSay }) => confidence === 'likely' && shouldSay !== null)
    const next = planned
      ? 'Nothing was changed.'
      : `Mend with: ports drift --fix${likely ? ' (--likely for the guesses too)' : ''}`
    return `${count(left.length, 'number')} to mend. ${read} ${next}`
  }
}

function showFinding(
  { says, shouldSay, why, confidence, ...place }: DriftAnswer['findings'][number],
  screen: Screen,
): string[] {
  const target = shouldSay === null ? 'a person has to decide' : `should say ${shouldSay}`
  const guess = confidence === 'likely' ? paint(screen, 'dim', ' (likely)') : ''
  return [`${at(place)} ${paint(screen, 'red', `says ${says}`)}, ${target}${guess}`, `  ${printable(why)}`]
}

function at({ file, line, column }: { file: string; line: number; column: number }): string {
  return printable(line === 0 ? file : `${file}:${line}:${column}`)
}
