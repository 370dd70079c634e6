import { describe, expect, test } from 'bun:test'
import { anyAddress } from './address.ts'
import type { Allocation } from './allocation.ts'
import { explainDrift } from './drift-explain.ts'
import { sayingOldPort } from './drift-moves.ts'
import { judge } from './drift.ts'
import type { MentionName, NamedBy, PlacedMention } from './mention.ts'
import { port } from './port.ts'
import { emptyRegistry } from './registry.ts'
import type { Registry } from './registry.ts'

const host = 'here'
const workspace = 'workspace:/shop'

function allocation(service: string, number: number, more: Partial<Allocation> = {}): Allocation {
  const rest = { kind: 'reservation', owner: null, since: '2026-01-01T00:00:00Z', expires: null, fence: 1 } as const
  return {
    id: `${service} ${number}`,
    host,
    protocol: 'tcp',
    address: anyAddress,
    port: port(number),
    service,
    ...rest,
    ...more,
  }
}

/** A registry of `service: ports`, with moves `service: [from, to]`. */
function registryOf(services: Record<string, number[]>, moves: Record<string, [number, number]> = {}): Registry {
  const claims = { kind: 'claim', owner: workspace } as const
  return {
    ...emptyRegistry,
    services: Object.keys(services).map((name) => ({
      host,
      name,
      description: '',
      range: null,
      resolved: false,
      declared: 'reserved',
    })),
    allocations: Object.entries(services).flatMap(([name, ports]) =>
      ports.map((number) => {
        const owner = / @ (.*)$/.exec(name)?.[1]
        return allocation(name, number, owner === undefined ? {} : { ...claims, owner: `workspace:${owner}` })
      }),
    ),
    resolutions: Object.entries(moves).map(([service, [from, to]]) => ({
      host,
      service,
      from: port(from),
      to: port(to),
      why: 'a conflict',
      when: null,
    })),
  }
}

function mention(number: number, names: [NamedBy, string][], more: Partial<PlacedMention> = {}): PlacedMention {
  const listed = names.map(([by, text]): MentionName => ({ by, text }))
  const place = { file: '.env', line: 1, column: 1, start: 0, end: 4, workspace }
  return { ...place, port: port(number), protocol: 'tcp', side: 'listens', names: listed, publish: null, ...more }
}

function published(service: string, number: number, target: number, more: Partial<PlacedMention> = {}): PlacedMention {
  const rest = {
    image: null,
    containerName: null,
    aliases: [],
    labels: {},
    profiles: [],
    active: true,
    hostNetwork: false,
    publishes: [],
  }
  const publish = { service: { name: service, ...rest }, target: port(target), replaces: false, elsewhere: false }
  return mention(number, [], { file: 'compose.yml', publish, ...more })
}

/** `code service says->should confidence`, or null, for each mention. */
function judged(registry: Registry, ...mentions: PlacedMention[]): (string | null)[] {
  return judge(mentions, registry, host).map(({ drift }) =>
    drift ? `${drift.code} ${drift.service} ${drift.mention.port}->${drift.shouldSay} ${drift.confidence}` : null,
  )
}

const registry = registryOf(
  {
    Grafana: [3006],
    'IZA OS API Gateway': [3001],
    PostgreSQL: [5433],
    RabbitMQ: [5672, 15672],
    'web @ /shop': [20001],
    'web @ /other': [20002],
  },
  { Grafana: [3000, 3006] },
)

describe('a mention that is tied to a service', () => {
  const cases: [string, PlacedMention, string | null][] = [
    ['by a variable', mention(3005, [['variable', 'GRAFANA_PORT']]), 'wrong-port Grafana 3005->3006 sure'],
    [
      'by a variable with a prefix',
      mention(3005, [['variable', 'VITE_GRAFANA_URL']]),
      'wrong-port Grafana 3005->3006 sure',
    ],
    [
      'by a variable that begins with the port',
      mention(3005, [['variable', 'PORT_GRAFANA']]),
      'wrong-port Grafana 3005->3006 sure',
    ],
    [
      'by several words',
      mention(3000, [['variable', 'IZA_OS_API_GATEWAY_PORT']]),
      'wrong-port IZA OS API Gateway 3000->3001 sure',
    ],
    [
      'by the name of a known program',
      mention(5432, [['variable', 'POSTGRES_PORT']]),
      'wrong-port PostgreSQL 5432->5433 likely',
    ],
    [
      'by the scheme of a URL',
      mention(
        5432,
        [
          ['variable', 'DATABASE_URL'],
          ['scheme', 'postgres'],
        ],
        { side: 'connects' },
      ),
      'wrong-port PostgreSQL 5432->5433 likely',
    ],
    ['by a row of a table', mention(3005, [['row', 'grafana']]), 'wrong-port Grafana 3005->3006 sure'],
    ['and was moved', mention(3000, [['variable', 'GRAFANA_PORT']]), 'old-port Grafana 3000->3006 sure'],
    ['and is right', mention(3006, [['variable', 'GRAFANA_PORT']]), null],
    ['that has several ports', mention(5673, [['variable', 'RABBITMQ_PORT']]), 'wrong-port RabbitMQ 5673->null sure'],
    ['and says one of several', mention(15672, [['variable', 'RABBITMQ_PORT']]), null],
    ['by a folder', mention(3005, [['folder', 'grafana']]), 'wrong-port Grafana 3005->3006 likely'],
    ['by a folder and a move', mention(3000, [['folder', 'grafana']]), 'old-port Grafana 3000->3006 sure'],
    [
      'by a claim of its workspace',
      mention(3000, [['variable', 'WEB_PORT']]),
      'wrong-port web @ /shop 3000->20001 sure',
    ],
    [
      'by a claim, with the port of another workspace',
      mention(20002, [['variable', 'WEB_PORT']]),
      'wrong-port web @ /shop 20002->20001 sure',
    ],
    ['by a move alone', mention(3000, []), 'old-port Grafana 3000->3006 likely'],
    [
      'with the port of another workspace alone',
      mention(20002, [['variable', 'PORT']]),
      'other-workspace web @ /other 20002->null sure',
    ],
  ]
  for (const [title, one, expected] of cases) test(title, () => expect(judged(registry, one)).toEqual([expected]))
})

describe('a mention is left alone', () => {
  const cases: [string, PlacedMention][] = [
    ['when nothing ties it', mention(4321, [])],
    [
      'when its variable means something that is not registered, whatever the folder is called',
      mention(3005, [
        ['variable', 'SHOP_PORT'],
        ['folder', 'grafana'],
      ]),
    ],
    [
      'when its variable means something else, and somebody was moved from the port',
      mention(3000, [['variable', 'SHOP_PORT']]),
    ],
    ['when a folder tells only what it connects from', mention(5005, [['folder', 'grafana']], { side: 'connects' })],
    ['when a proxy takes the port', mention(443, [['folder', 'grafana']], { side: 'fronts' })],
    ['when its compose service is not registered', published('shop', 3005, 3000)],
    ['when somebody else has the protocol', mention(3005, [['variable', 'GRAFANA_PORT']], { protocol: 'udp' })],
    ['when it speaks of a program inside another name', mention(9121, [['variable', 'POSTGRES_EXPORTER_PORT']])],
  ]
  for (const [title, one] of cases) test(title, () => expect(judged(registry, one)).toEqual([null]))
})

test('compose shares the ports of a service as the override would', () => {
  expect(judged(registry, published('grafana', 3000, 3000), published('grafana', 9094, 9094))).toEqual([
    'old-port Grafana 3000->3006 sure',
    null,
  ])
  expect(judged(registry, published('rabbitmq', 5000, 5672), published('rabbitmq', 15000, 15672))).toEqual([
    'wrong-port RabbitMQ 5000->5672 sure',
    'wrong-port RabbitMQ 15000->15672 sure',
  ])
})

test('what an override replaces is not wrong any more', () => {
  const base = published('grafana', 3000, 3000)
  const replacing = published('grafana', 3006, 3000, { file: 'compose.override.yml' })
  const publish = replacing.publish && { ...replacing.publish, replaces: true }
  expect(judged(registry, base)).toEqual(['old-port Grafana 3000->3006 sure'])
  expect(judged(registry, base, { ...replacing, publish })).toEqual([null, null])
  expect(judged(registry, base, { ...replacing, publish, file: 'other/compose.override.yml' })[0]).not.toBeNull()
})

test('two wrong numbers for one port are for a person to decide', () => {
  const names: [NamedBy, string][] = [['variable', 'GRAFANA_PORT']]
  expect(judged(registry, mention(3005, names), mention(3007, names))).toEqual([
    'wrong-port Grafana 3005->null sure',
    'wrong-port Grafana 3007->null sure',
  ])
})

test('a guess beside a right number is none', () => {
  expect(judged(registry, mention(3006, [['folder', 'grafana']]), mention(4173, [['folder', 'grafana']]))).toEqual([
    null,
    null,
  ])
})

test('a port that is inside another name of the registry is told with its owner', () => {
  const [one] = judge([mention(3001, [['variable', 'GRAFANA_PORT']])], registry, host)
  expect(one?.drift && explainDrift(one.drift)).toBe(
    'the variable GRAFANA_PORT means Grafana, which has 3006 in the registry, and 3001 belongs to IZA OS API Gateway',
  )
})

test('moves tell which mentions say the old port, done already or not, and no others', () => {
  const move = { service: 'Grafana', from: port(3006), to: port(3010) }
  const names: [NamedBy, string][] = [['variable', 'GRAFANA_PORT']]
  const mentions = [
    mention(3006, names),
    mention(3005, [['row', 'PostgreSQL']]),
    mention(3010, names),
    mention(3006, [['variable', 'X_PORT']]),
  ]
  const before = sayingOldPort([move], mentions, registry, host)
  expect(before.map((one) => [one.code, one.mention, one.shouldSay])).toEqual([
    ['old-port', mentions[0], move.to],
  ] as never)
  const moved = registry.allocations.map((one) => (one.service === 'Grafana' ? { ...one, port: move.to } : one))
  expect(sayingOldPort([move], mentions, { ...registry, allocations: moved }, host)).toEqual(before)
})
