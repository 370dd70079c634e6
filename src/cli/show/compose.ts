import { list, printable } from '../../core/text.ts'
import type { Compose } from '../../operations/compose.ts'
import { noticeLines } from './compose-notices.ts'

export function showCompose(answer: Compose): string {
  const { steps, clashes, notices, text, written, refusal, tooOld } = answer
  const lines = [
    ...steps.map(
      ({ service, action, from, to, why }) =>
        `${service}: ${action === 'move' ? `${from ?? 'a free port'} -> ${to}` : (from ?? 'a free port')} (${why})`,
    ),
    ...clashes.map(
      ({ port, protocol, services }) =>
        `${list(services)} would both publish ${port}/${protocol}. Give one of them another port in the registry, or a label.`,
    ),
    ...noticeLines(notices, refusal),
    ...outcome(answer),
    ...(text === null
      ? []
      : tooOld.map(
          ({ command, version }) => `Not with ${command}: it is ${version}, and no override replaces ports there.`,
        )),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('') + (text !== null && !written ? text : '')
}

function outcome({ steps, clashes, text, written, file, verifiedBy, start }: Compose): string[] {
  if (clashes.length || steps.some(({ action }) => action === 'ambiguous'))
    return ['Nothing was written: that has to be decided first.']
  if (text === null) return ['The project publishes what the registry says: no override is needed.']
  if (!written) return [`${file} would be, or is already:`]
  return [
    `Written to ${file}. Merged by ${list(verifiedBy)}, the project publishes just these ports.`,
    `Start with: ${start}`,
  ]
}
