import { list, printable, shorten } from '../../core/text.ts'
import type { Kill, KilledPort } from '../../operations/kill.ts'
import { holderWords } from './holder.ts'

/** Why a holder stays, and what to do instead. */
const refusals: Readonly<Record<string, string>> = {
  init: 'pid 1 is never ended',
  ourselves: 'that is this very command',
  ancestor: 'this command runs below it, so ending it would end you',
  kernel: 'it is a thread of the kernel',
  forwarder: "it forwards for a container: end that with 'docker stop'",
  hidden: hiddenHint(),
}

/** Root sees every process of its own namespace: what it does not see lives in another one. */
function hiddenHint(): string {
  return process.getuid?.() === 0
    ? 'it lives outside of this container'
    : 'it is not visible to you: try again with sudo'
}

export function showKill({ ports }: Kill): string {
  return ports.map((port) => `${showPort(port).map(printable).join('\n')}\n`).join('')
}

function showPort(port: KilledPort): string[] {
  const name = `${port.port}${port.protocol === 'udp' ? '/udp' : ''}`
  const ended = port.ended.map(({ pid, command, name: called }) => `  ${shorten(command || called, 100)} (pid ${pid})`)
  const stayed = port.refused.map(
    ({ pid, name: called, why }) => `  ${called}${pid === null ? '' : ` (pid ${pid})`} stays: ${refusals[why] ?? why}`,
  )
  switch (port.outcome) {
    case 'already-free':
      return [`${name} is free: nobody listens there.`]
    case 'would-free':
      return [`${name} would be freed by ending:`, ...ended]
    case 'freed':
      return [`${name} is free.${port.ended.length ? ` ${port.forced ? 'Forced' : 'Ended'}:` : ''}`, ...ended]
    case 'refused':
      return [`${name} is still held.`, ...stayed, ...(port.ended.length ? ['Ended:', ...ended] : [])]
    case 'still-held': {
      const holders = port.heldBy.length ? list(port.heldBy.map(holderWords)) : 'somebody who is not visible to you'
      const again = port.restarter ? [`  ${sayRestarter(port.restarter)}`] : []
      return [`${name} is still held by ${holders}.`, ...again, ...(port.ended.length ? ['Ended:', ...ended] : [])]
    }
  }
}

function sayRestarter({ pid, name, command }: NonNullable<KilledPort['restarter']>): string {
  const who = `${shorten(command || name, 100)} (pid ${pid}) starts it again`
  return pid === 1 ? `${who}: stop the service there (systemctl stop, docker stop).` : `${who}: end that one.`
}
