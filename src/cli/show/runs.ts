import { printable } from '../../core/text.ts'
import type { Logs } from '../../operations/logs.ts'
import type { StartedService } from '../../operations/start.ts'
import type { Stop } from '../../operations/stop.ts'
import { prefixed, prefixes } from '../follow.ts'
import type { Screen } from '../terminal.ts'

export function showStart({
  service,
  port,
  protocol,
  outcome,
  pid,
  addresses,
  readyAfter,
  log,
}: StartedService): string {
  const spot = `${port}${protocol === 'udp' ? '/udp' : ''}`
  const first = {
    started: `${service} listens on ${spot} after ${((readyAfter ?? 0) / 1000).toFixed(2)} s (pid ${pid}).`,
    'already-running': `${service} runs already ${addresses.length ? `on ${spot}` : `and does not listen on ${spot}`} (pid ${pid}).`,
  }[outcome]
  // localhost is both families to a browser: who binds only ::1 is not found by those that try 127.0.0.1.
  const only =
    addresses.length > 0 && addresses.every((address) => address === '::1' || address === '::')
      ? ['It listens on IPv6 only: 127.0.0.1 does not reach it.']
      : []
  return [first, ...only, `Log: ${log}`].map((line) => `${printable(line)}\n`).join('')
}

export function showStop({ service, port, forced, ended }: Stop): string {
  return `${printable(`${service} on ${port} ${forced ? 'was forced to end' : 'ended'} (pid ${ended.join(', ')}).`)}\n`
}

export function showLogs({ logs }: Logs, screen: Screen): string {
  const before = prefixes(
    logs.map(({ service }) => service),
    screen,
  )
  return logs.map(({ lines }, index) => prefixed(lines, before[index] ?? '')).join('')
}
