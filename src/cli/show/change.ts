import { list, printable } from '../../core/text.ts'
import type { RangeChange } from '../../operations/range.ts'
import type { Screen } from '../terminal.ts'
import { showDiff } from './diff.ts'

interface Allocated {
  readonly service: string
  readonly port: number
  readonly protocol: string
  readonly address: string
}

/** What reserve, release and move answer: exactly one of the keys is there. */
interface Changed {
  readonly service?: Allocated
  readonly from?: number
  readonly to?: number
  readonly changed?: boolean
  readonly recorded?: boolean
  readonly released?: readonly Allocated[]
  readonly unregistered?: readonly string[]
  readonly restart?: readonly string[]
  readonly files?: readonly string[]
  readonly diff?: string
  readonly unsure?: readonly string[]
}

export function showChange(
  { service, from, to, changed, recorded, released, unregistered, ...moved }: Changed,
  screen: Screen,
): string {
  if (released) {
    const lines = released.map((one) => `${spot(one)} is no longer ${one.service}'s.`)
    return text([
      ...lines,
      ...(unregistered ?? []).map((name) => `${name} has no port left and is not registered any more.`),
    ])
  }
  if (!service) return ''
  if (from !== undefined) {
    if (from === to) return text([`${service.service} has ${spot(service)} already.`])
    const { files = [], diff = '', unsure = [], restart = [] } = moved
    const lines = [
      `${service.service} moved from ${from} to ${spot(service)}${recorded ? ', and the move is recorded' : ''}.`,
      ...(restart.length
        ? [`What runs goes on as it was started: ${list(restart.map((name) => `ports restart "${name}"`))}`]
        : []),
      ...(files.length ? [`The old port is replaced in ${list(files)}.`] : []),
      ...(unsure.length ? [`Look at ${list(unsure)} yourself: the old port there may mean it too.`] : []),
    ]
    return showDiff(diff, screen) + text(lines)
  }
  return text([
    `${spot(service)} ${changed ? 'belongs' : 'belonged already'} to ${service.service}${service.address === '*' ? '' : ` at ${service.address}`}.`,
  ])
}

export function showRangeChange({ range, changed }: RangeChange): string {
  return text([
    `${range.name} ${range.from}-${range.to}${range.purpose ? ` · ${range.purpose}` : ''}${changed ? '' : ': nothing changed'}`,
  ])
}

function spot({ port, protocol }: Allocated): string {
  return `${port}${protocol === 'udp' ? '/udp' : ''}`
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('')
}
