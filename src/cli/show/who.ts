import { printable } from '../../core/text.ts'
import type { Who } from '../../operations/who.ts'
import { holderWords } from './holder.ts'

const evidence: Readonly<Record<string, string>> = {
  run: 'we started it',
  marker: 'its environment says so',
  command: 'its command says so',
}

export function showWho({ ports }: Who): string {
  return ports.map((port) => `${showPort(port).map(printable).join('\n')}\n`).join('\n')
}

function showPort({ port, allocations, listeners }: Who['ports'][number]): string[] {
  const owners = allocations.map(({ service, range, description, verdict, by, protocol, address }) => {
    const place = [protocol === 'udp' ? 'udp' : '', address === '*' ? '' : address].filter(Boolean).join(' at ')
    const about = [range, description].filter(Boolean).join(': ')
    return `${port}${place ? ` (${place})` : ''} belongs to ${service}${about ? ` (${about})` : ''}: ${verdict}${by ? `, ${evidence[by] ?? by}` : ''}.`
  })
  const held = listeners.flatMap(({ protocol, address, user, holders }) => [
    `${protocol} ${address} is held by${holders.length ? '' : ` a process of ${user}, not visible to you`}`,
    ...holders.map((holder) => `  ${holderWords(holder)}`),
  ])
  const next = listeners.length ? [`End it with: ports kill ${port}`] : []
  return [
    ...(owners.length ? owners : [`${port} belongs to no service.`]),
    ...(held.length ? held : ['Nobody listens there.']),
    ...next,
  ]
}
