import { expect, test } from 'bun:test'
import type { Drift } from '../drift.ts'
import { port } from '../port.ts'
import type { Registry } from '../registry.ts'
import { holder, listener, registryOf, seen } from './audit.fixture.ts'
import { audit, findRule, rules, sayFinding } from './audit.ts'
import type { SeenProject, Subject } from './finding.ts'

const kernel = {
  ephemeral: { from: 32_768, to: 60_999 },
  reserved: [{ from: 40_000, to: 40_010 }],
  unprivilegedFrom: 1024,
}
const known = {
  famousAt: (number: number) => (number === 8086 ? 'InfluxDB' : null),
  isHome: (service: string, number: number) => service === 'Influx' || (service === 'Nginx' && number === 80),
  assignedAt: (number: number) => (number === 3000 ? 'hbci' : null),
}

/** What the audit says of a registry and what is known beside it, as rule and sentence. */
const said = (registry: Registry, more: Partial<Subject> = {}): string[] =>
  audit({ registry, host: 'h', seen: null, ...more }).map((finding) => `${finding.rule}: ${sayFinding(finding)}`)

const ranged = (...ranges: [string, number, number][]): Registry => ({
  ...registryOf([]),
  ranges: ranges.map(([name, from, to]) => ({ name, from: port(from), to: port(to), purpose: '', examples: '' })),
})

test('overlapping-ranges: ranges that share ports are told, one that lies within another is not', () => {
  expect(said(ranged(['A', 3000, 3099], ['B', 3050, 3150]))).toEqual([
    'overlapping-ranges: the ranges A and B share 3050-3099',
  ])
  expect(said(ranged(['A', 3000, 3099], ['A again', 3000, 3099]))).toHaveLength(1)
  expect(said(ranged(['All', 3000, 3999], ['Core', 3000, 3099], ['Data', 3900, 3999]))).toEqual([])
  expect(said(ranged(['A', 3000, 3099], ['B', 3100, 3199]))).toEqual([])
})

test('ephemeral-range: a port that the kernel may give to a connection, unless the kernel keeps away from it', () => {
  expect(said(registryOf(['A 35000', 'B 40005', 'C 61000']), { kernel })).toEqual([
    'ephemeral-range: 35000 of A lies among the ports that the kernel gives to outgoing connections (32768-60999)',
  ])
})

test('privileged-port: below the limit of the kernel, unless the service is at home there', () => {
  expect(said(registryOf(['A 81', 'Nginx 80']), { kernel, known })).toEqual([
    'privileged-port: 81 of A may only be bound with privilege (below 1024)',
  ])
  expect(said(registryOf(['A 81']), { kernel: { ...kernel, unprivilegedFrom: 80 } })).toEqual([])
})

test('browser-blocked: a port that browsers refuse', () => {
  expect(said(registryOf(['A 6000', 'B 6001']))).toEqual(['browser-blocked: browsers refuse to open 6000 of A'])
})

test('famous-default: the port of a well-known service, unless it is that service', () => {
  expect(said(registryOf(['Webhooks 8086']), { known })).toEqual([
    'famous-default: 8086 of Webhooks is where people expect InfluxDB',
  ])
  expect(said(registryOf(['Influx 8086']), { known })).toEqual([])
})

test('iana-assigned: off by itself, and finds what is assigned to others', () => {
  const registry = registryOf(['A 3000'])
  expect(said(registry, { known })).toEqual([])
  expect(findRule('iana-assigned')?.find({ registry, host: 'h', seen: null, known })).toMatchObject([
    { services: ['A'], facts: { assigned: 'hbci' } },
  ])
})

test('silent-service: a service that runs and does not listen', () => {
  const registry = registryOf(['A 3000'])
  expect(said(registry, { seen: seen(registry, [], 'silent') })).toEqual([
    'silent-service: A runs, and nothing listens on 3000',
  ])
  expect(said(registry, { seen: seen(registry, [], 'reserved') })).toEqual([])
})

test('stray-in-range: who listens in a range without a service, once for each port', () => {
  const registry = registryOf(['A 3000'])
  const listeners = [
    listener(3000, '*', holder('own')),
    listener(3050, '0.0.0.0', holder('node')),
    listener(3050, '::', holder('node')),
    listener(3060, '127.0.0.1'),
    listener(4000, '*', holder('elsewhere')),
  ]
  expect(said(registry, { seen: seen(registry, listeners, 'active') })).toEqual([
    'stray-in-range: node listens on 3050/tcp in Core, and no service has that port',
    'stray-in-range: a process of root listens on 3060/tcp in Core, and no service has that port',
  ])
})

test('exposed: promised on this machine alone, and open to others', () => {
  const registry = registryOf(['A 9999 127.0.0.1'])
  const of = (address: string): string[] =>
    said(registry, { seen: seen(registry, [listener(9999, address, holder('a'))], 'active') })
  expect(of('*')).toEqual(['exposed: A is promised 127.0.0.1:9999 and listens on all addresses'])
  expect(of('127.0.0.1')).toEqual([])
})

test('split-localhost: two programs that answer on one port, one for each family', () => {
  expect(said(registryOf(['A 9999 127.0.0.1', 'B 9999 ::1']))).toEqual([
    'split-localhost: localhost:9999 is A over IPv4 and B over IPv6',
  ])
  expect(said(registryOf(['A 9999 127.0.0.2', 'B 9999 ::1']))).toEqual([])
  const registry = registryOf(['A 9999'])
  const of = (one: number, other: number): string[] =>
    said(registry, {
      seen: seen(
        registry,
        [listener(9999, '0.0.0.0', holder('node', one)), listener(9999, '::1', holder('node', other))],
        'unverified',
      ),
    })
  expect(of(1, 2)).toEqual(['split-localhost: localhost:9999 is node (pid 1) over IPv4 and node (pid 2) over IPv6'])
  expect(of(1, 1)).toEqual([])
})

test('range-nearly-full: when nine of ten ports are promised', () => {
  const ranges = [{ name: 'Small', from: port(7000), to: port(7009), purpose: '', examples: '' }]
  const names = Array.from({ length: 9 }, (_, index) => `S${index} ${7000 + index}`)
  expect(said(registryOf(names, { ranges }))).toEqual(['range-nearly-full: Small has 1 free port left of 10'])
  expect(said(registryOf(names.slice(1), { ranges }))).toEqual([])
})

test('stale-claim: what the caller found that nobody wants any more', () => {
  const registry = registryOf(['A 3000'])
  const stale = new Map(registry.allocations.map((allocation) => [allocation, 'its time is over']))
  expect(said(registry, { stale })).toEqual(['stale-claim: A claims 3000, and its time is over'])
})

test('look-alikes: names that differ in what a reader passes over, or in letters of another script', () => {
  expect(said(registryOf(['web-app 3000', 'WebApp 3001', 'web_app2 3002']))).toEqual([
    "look-alikes: 'web-app' and 'WebApp' are easily taken for each other",
  ])
  expect(said(registryOf(['redis 3000', 'rеdis 3001']))).toHaveLength(1)
  expect(said(registryOf(['worker-1 3000', 'worker-2 3001']))).toEqual([])
})

test('drift: what a file surely says beside the registry, with its place and what it should say', () => {
  const registry = registryOf(['Grafana 3006'])
  const mention = (confidence: Drift['confidence'], shouldSay: number | null): Drift => ({
    mention: {
      port: port(3000),
      protocol: 'tcp',
      start: 0,
      end: 4,
      side: 'listens',
      names: [],
      publish: null,
      file: '.env',
      workspace: 'w',
      line: 2,
      column: 9,
    },
    code: 'wrong-port',
    service: 'Grafana',
    tiedBy: { by: 'variable', text: 'GRAFANA_PORT' },
    shouldSay: shouldSay === null ? null : port(shouldSay),
    has: [port(3006)],
    owner: null,
    confidence,
  })
  const project = { drifts: [mention('sure', 3006), mention('likely', 3006)], obstacles: [], unreadable: null }
  expect(said(registry, { project })).toEqual([
    'drift: a file says 3000: the variable GRAFANA_PORT means Grafana, which has 3006 in the registry',
  ])
  const [finding] = audit({ registry, host: 'h', seen: null, project })
  expect(finding).toMatchObject({ facts: { file: '.env', line: 2 }, hint: expect.stringContaining('Write 3006') })
  const unclear = { ...project, drifts: [mention('sure', null)] }
  expect(audit({ registry, host: 'h', seen: null, project: unclear })[0]?.hint).toStartWith('Decide')
})

test('compose-clash: what is in the way of a project, and a project that cannot be read', () => {
  const registry = registryOf(['Grafana 3006'])
  const publish = {
    service: 'web',
    published: port(3006),
    publishedTo: null,
    target: port(80),
    mode: '',
    name: null,
    appProtocol: null,
    entry: 0,
    syntax: 'short' as const,
    hostIp: null,
    protocol: 'tcp' as const,
    file: 'compose.yaml',
    line: 4,
    column: 9,
  }
  const obstacle = { kind: 'registry', publish, port: port(3006), who: 'Grafana', pid: null, instead: null } as const
  const project: SeenProject = { drifts: [], obstacles: [obstacle], unreadable: null }
  expect(said(registry, { project })).toEqual(['compose-clash: web publishes 3006/tcp, which belongs to Grafana'])
  const unreadable = { file: 'compose.yaml', line: 3, why: 'it is no YAML' }
  expect(said(registry, { project: { ...project, obstacles: [], unreadable } })).toEqual([
    'compose-clash: the project cannot be read: it is no YAML',
  ])
})

test('every rule has a name of its own, a summary, a remedy and a test', async () => {
  const texts = await Promise.all(
    ['audit.test.ts', 'rules.test.ts'].map((name) => Bun.file(`${import.meta.dir}/${name}`).text()),
  )
  const text = texts.join('')
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  for (const { id, summary, remedy } of rules) {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(remedy).toMatch(/^[A-Z].*\.$/)
    expect(text.includes(id) || id === 'port-taken', id).toBe(true)
  }
})

test('every rule file stands in the table', async () => {
  const files = [...new Bun.Glob('*.ts').scanSync(`${import.meta.dir}/rules`)]
  expect(files).toHaveLength(rules.length)
})
