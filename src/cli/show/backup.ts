import { count, list, printable } from '../../core/text.ts'
import type { Backup } from '../../operations/backup.ts'
import type { Put } from '../../operations/put-registry.ts'

export function showBackup({ file, revision, services, allocations }: Backup): string {
  return `${printable(`${file} holds ${count(services, 'service')} and ${count(allocations, 'port')}, as of revision ${revision}.`)}\n`
}

export function showPut({ from, to, replaced, content, revision }: Put): string {
  const words = ({ ranges, services, allocations, resolutions, rulings }: Put['content']): string =>
    list([
      count(ranges, 'range'),
      count(services, 'service'),
      count(allocations, 'port'),
      count(resolutions, 'move'),
      count(rulings, 'ruling'),
    ])
  const gone = Object.values(replaced).some((number) => number > 0)
    ? [`It replaces ${words(replaced)}; moves stay.`]
    : []
  const done =
    revision === null
      ? `${to} would hold what ${from} holds: ${words(content)}.`
      : `${to} holds what ${from} holds, read back and compared: ${words(content)}. It is revision ${revision}, and every fence from before is over.`
  return [done, ...gone].map((line) => `${printable(line)}\n`).join('')
}
