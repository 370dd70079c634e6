import { sayRisk } from '../../core/stop/say.ts'
import type { Risk } from '../../core/stop/plan.ts'
import { list, printable, shorten } from '../../core/text.ts'
import type { Kill, KilledPort } from '../../operations/kill/kill.ts'
import { holderWords } from './holder.ts'

/** Why a holder stays, and what to do instead. */
const refusals: Readonly<Record<string, string>> = {
  init: 'pid 1 is never ended',
  ourselves: 'that is this very command',
  ancestor: 'this command runs below it, so ending it would end you',
  kernel: 'it is a thread of the kernel',
  forwarder: "it forwards for a container that no engine here tells of: end that with 'docker stop'",
  hidden: hiddenHint(),
}

/** Root sees every process of its own namespace: what it does not see lives in another one. */
function hiddenHint(): string {
  return process.getuid?.() === 0
    ? 'it lives outside of this container'
    : 'it is not visible to you: try again with sudo'
}

export function showKill({ ports, plan, dryRun }: Kill): string {
  const text = ports.map((port) => `${showPort(port).map(printable).join('\n')}\n`).join('')
  if (!dryRun || plan === null || !ports.some(({ outcome }) => outcome === 'would-free')) return text
  return `${text}Exactly this, and nothing if anything changed: ports kill ${ports.map(({ port }) => port).join(' ')} --plan ${plan}\n`
}

function showPort(port: KilledPort): string[] {
  const name = `${port.port}${port.protocol === 'udp' ? '/udp' : ''}`
  const ended = port.ended.map(({ pid, command, name: called }) => `  ${shorten(command || called, 100)} (pid ${pid})`)
  const others = port.acts.filter(({ by }) => by !== 'signals').map(({ what }) => `  ${what}`)
  const stayed = port.refused.map(
    ({ pid, name: called, why }) => `  ${called}${pid === null ? '' : ` (pid ${pid})`} stays: ${refusals[why] ?? why}`,
  )
  const risks = port.risks.map((risk) => `  ! ${sayRisk(risk as Risk)}`)
  switch (port.outcome) {
    case 'already-free':
      return [`${name} is free: nobody listens there.`]
    case 'would-free': {
      const doing = others.length ? ':' : ' by ending:'
      return [
        `${name} would be freed${port.needs ? ', once you say --yes,' : ''}${doing}`,
        ...others,
        ...heading('end', ended, others),
        ...risks,
      ]
    }
    case 'freed':
      return [
        `${name} is free.${ended.length && !others.length ? ` ${port.forced ? 'Forced' : 'Ended'}:` : ''}`,
        ...others,
        ...heading(port.forced ? 'forced' : 'ended', ended, others),
      ]
    case 'refused':
      if (port.needs) return [`${name} ${stillHeld(port)}.`, ...risks, `  ${needs[port.needs]}`, ...stayed]
      return [`${name} ${stillHeld(port)}.`, ...stayed, ...(ended.length ? ['Ended:', ...ended] : [])]
    case 'still-held': {
      const again = port.restarter ? [`  ${sayRestarter(port.restarter)}`] : []
      return [`${name} ${stillHeld(port)}.`, ...again, ...(ended.length ? ['Ended:', ...ended] : [])]
    }
  }
}

const needs = {
  yes: 'Nothing was done: say --yes, or look first with --dry-run.',
  force: 'Nothing was done: --force does it all the same.',
} as const

/** Processes below what others end have a line of their own. */
function heading(word: string, ended: readonly string[], others: readonly string[]): string[] {
  return others.length && ended.length ? [`  ${word}:`, ...ended] : [...ended]
}

function stillHeld({ heldBy, outcome }: KilledPort): string {
  if (heldBy.length) return `is still held by ${list(heldBy.map(holderWords))}`
  return outcome === 'still-held' ? 'is still held by somebody who is not visible to you' : 'is still held'
}

function sayRestarter({ pid, name, command }: NonNullable<KilledPort['restarter']>): string {
  const who = `${shorten(command || name, 100)} (pid ${pid}) starts it again`
  return pid === 1 ? `${who}: stop the service there (systemctl stop, docker stop).` : `${who}: end that one.`
}
