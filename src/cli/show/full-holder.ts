import { ago } from '../../core/process.ts'
import { shorten } from '../../core/text.ts'
import { sayBytes } from '../../core/usage.ts'
import type { FullHolder } from '../../operations/who-shapes.ts'
import { containerLine, holderWords } from './holder.ts'

/** One process with all that is known of it: a line for each question. */
export function fullHolderLines(holder: FullHolder): string[] {
  const { startedAt } = holder
  const lines: [string, string][] = [
    ['where', placeWords(holder)],
    ['what', whatWords(holder)],
    [
      'since',
      startedAt === null ? '' : `${startedAt} (${ago((holder.uptimeSeconds ?? 0) * 1000)})${usageWords(holder)}`,
    ],
    ['from', causeWords(holder)],
  ]
  return [
    holderWords({ ...holder, cwd: null, startedAt: null }),
    ...lines.filter(([, words]) => words !== '').map(([name, words]) => `  ${name.padEnd(7)} ${words}`),
  ]
}

function placeWords({ cwd, project, checkout }: FullHolder): string {
  const git = checkout && [
    checkout.branch ? `branch ${checkout.branch}` : checkout.commit && `commit ${checkout.commit}`,
    checkout.worktreeOf && `worktree of ${checkout.worktreeOf}`,
    checkout.root !== cwd && `checkout ${checkout.root}`,
  ]
  return [cwd, project && `project ${project.name}`, ...(git || [])].filter(Boolean).join(', ')
}

function whatWords({ framework, unit, unitOfUser, container }: FullHolder): string {
  return [framework, container && containerLine(container), unit && `${unit}${unitOfUser ? ' of the user' : ''}`]
    .filter(Boolean)
    .join(', ')
}

function usageWords({ cpuPercent, cpuSeconds, memoryBytes }: FullHolder): string {
  const cpu = cpuPercent === null ? null : `${cpuPercent} % of a processor (${Math.round(cpuSeconds ?? 0)} s)`
  return [cpu, memoryBytes && sayBytes(memoryBytes)]
    .filter(Boolean)
    .map((word) => `, ${word}`)
    .join('')
}

/** `systemd > sshd > bash > npm`, outermost first; the pid of the nearest, whom one would look at next. */
function causeWords({ causes, orphan }: FullHolder): string {
  const names = causes.map(({ kind, name }) => (kind === 'agent' || kind === 'editor' ? `${name} (${kind})` : name))
  const last = causes.at(-1)
  const chain = names.length
    ? `${shorten(names.join(' > '), 200)}${last && last.pid > 1 ? ` (pid ${last.pid})` : ''}`
    : ''
  return orphan ? `${chain}${chain ? ', ' : ''}whoever started it has ended` : chain
}
