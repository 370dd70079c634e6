import { everyHost } from '../../core/host.ts'
import type { List } from '../../operations/list.ts'
import type { Screen } from '../terminal.ts'
import { table } from './table.ts'

export function showList({ services }: List, screen: Screen): string {
  if (!services.length) return 'No service is registered.\n'
  const rows = services.map(({ port, protocol, address, service, range, description, host }) => [
    { text: `${port}/${protocol}` },
    { text: host === everyHost ? `${service} (on every host)` : service },
    { text: address === '*' ? '' : address },
    { text: range ?? '' },
    { text: description, colour: 'dim' as const },
  ])
  return `${table(screen, rows, { indent: '' }).join('\n')}\n`
}
