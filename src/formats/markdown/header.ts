import type { Protocol } from '../../core/port.ts'
import { protocolsIn } from './port-tokens.ts'

/**
 * What a column is for, as its header says. `inner port`: the container's side of a published port. `label`: a word
 * that heads a column of ports as often as one of something else (`HTTP`, `gRPC`), so its cells decide. `number`:
 * numbers that are never ports.
 */
export type Role =
  | 'service'
  | 'port'
  | 'inner port'
  | 'old port'
  | 'new port'
  | 'range'
  | 'protocol'
  | 'status'
  | 'description'
  | 'examples'
  | 'label'
  | 'number'
  | 'unknown'

const whole = (words: string): RegExp => new RegExp(`^(?:${words})$`)
const within = (words: string): RegExp => new RegExp(`(?<![a-z])(?:${words})(?![a-z])`)

/** The first that matches decides: a `Container Port` is no container and a `Service Port` is a port. */
const roles: readonly (readonly [RegExp, Role])[] = [
  [whole('(?:from|old|previous|original|former|before)(?: port)?'), 'old port'],
  [whole('(?:to|new|after|moved to)(?: port)?'), 'new port'],
  [whole('(?:container|internal|target|guest|private|inner)(?: side)? ports?|internal|target'), 'inner port'],
  [within('ranges?|blocks?'), 'range'],
  [within('ports?'), 'port'],
  [whole('published|external|listens?(?: on)?|listening on'), 'port'],
  [whole('protocols?|proto|transport|l4'), 'protocol'],
  [whole('status|state|active|enabled|running'), 'status'],
  [whole('examples?'), 'examples'],
  [within('descriptions?|purposes?|notes?|comments?|used for|remarks?|reason|why'), 'description'],
  [whole('stack|path|details?|usage|use|role|function|info'), 'description'],
  [
    within(
      'services?|names?|apps?|applications?|projects?|components?|containers?|tools?|what|process|program|software|used by|server',
    ),
    'service',
  ],
  [
    whole('https?|grpc|wss?|websockets?|rest|api|admin|metrics|debug|tls|ssl|ui|web|tcp|udp|urls?|endpoints?|address'),
    'label',
  ],
  [
    whole(
      '|no|nr|n|id|pid|uid|count|replicas|instances?|cpu|memory|ram|version|year|size|timeout|priority|order|total|score',
    ),
    'number',
  ],
]

/** Headers that name the services before any other: in `Project | Service | Port` the projects repeat. */
const bestNames = [whole('services?(?: names?)?'), whole('names?')]

export function headerWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export function roleOf(words: string): Role {
  return roles.find(([pattern]) => pattern.test(words))?.[1] ?? 'unknown'
}

/** The column that names the services, or null where no header does. */
export function serviceColumn(headers: readonly string[]): number | null {
  const columns = headers.flatMap((words, index) => (roleOf(words) === 'service' ? [index] : []))
  for (const pattern of bestNames) {
    const best = columns.find((index) => pattern.test(headers[index] ?? ''))
    if (best !== undefined) return best
  }
  return columns[0] ?? null
}

/** The protocols that a column's header promises for all of its ports. */
export function headerProtocols(words: string): Protocol[] {
  return protocolsIn(words)
}
