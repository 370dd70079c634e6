import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { nameKey } from '../../core/name.ts'
import { exportFormats } from '../export.ts'
import type { ExportName } from '../export.ts'
import { nasty, sourceOf } from './exports.fixture.ts'
import type { Row } from './exports.fixture.ts'

const write = async (name: ExportName, rows: readonly Row[], domain?: string): Promise<string> =>
  exportFormats[name].write(sourceOf(rows, domain))

const few: readonly Row[] = [
  { name: 'Grafana', port: 3006, description: 'Metrics dashboards', range: 'Monitoring' },
  { name: 'PostgreSQL Database', port: 5432, address: '127.0.0.1' },
  { name: 'DNS', port: 5300, protocol: 'udp' },
]

test('env names each port after its service', async () => {
  const twice = [
    { name: 'Grafana', port: 3007 },
    { name: 'grafana!', port: 3008 },
  ]
  expect(await write('env', [...few, ...twice])).toBe(`# Ports of box, from the IZA Ports registry.
# Grafana
GRAFANA_PORT=3006
# Grafana
GRAFANA_PORT_2=3007
# PostgreSQL Database
POSTGRESQL_DATABASE_PORT=5432
# DNS
DNS_UDP_PORT=5300
# grafana!
GRAFANA_PORT_3=3008
`)
})

test('a proxy serves what speaks HTTP, on loopback alone for the own domain, and says what it leaves out', async () => {
  const nginx = await write('nginx', few)
  expect(nginx).toContain(
    '    listen 127.0.0.1:80;\n    server_name grafana.localhost;\n    location / {\n        proxy_pass http://127.0.0.1:3006;',
  )
  expect(nginx).toContain('# left out: PostgreSQL Database (5432/tcp), it does not speak HTTP\n')
  expect(nginx).toContain('# left out: DNS (5300/udp), it is no TCP service\n')
  expect(await write('nginx', few, 'example.org')).toContain('    listen 80;\n    server_name grafana.example.org;')
  expect(await write('caddy', few)).toContain(
    'http://grafana.localhost {\n\tbind 127.0.0.1\n\treverse_proxy 127.0.0.1:3006\n}\n',
  )
  expect(await write('caddy', few, 'example.org')).toContain(
    '\ngrafana.example.org {\n\treverse_proxy 127.0.0.1:3006\n}\n',
  )
  expect(parse(await write('traefik', few))).toEqual({
    http: {
      routers: { grafana: { rule: 'Host(`grafana.localhost`)', service: 'grafana' } },
      services: { grafana: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:3006' }] } } },
    },
  })
})

test('the kernel is told of the ports as blocks, and what it keeps already stays', async () => {
  const source = {
    ...sourceOf([...few, { name: 'Loki', port: 3007 }]),
    kept: [
      { from: 3005, to: 3005 },
      { from: 9000, to: 9010 },
    ],
  }
  expect(await exportFormats.sysctl.write(source)).toEndWith(
    '\nnet.ipv4.ip_local_reserved_ports = 3005-3007,5300,5432,9000-9010\n',
  )
})

test('the firewall lets nobody to what is for this machine only', async () => {
  const text = await write('firewall', few)
  expect(text).toContain('        # Grafana: Metrics dashboards\n        tcp dport 3006 accept comment "grafana"\n')
  expect(text).toContain("# ufw allow proto udp to any port 5300 comment 'dns'\n")
  expect(text).toContain('# no rule: PostgreSQL Database (5432/tcp) is for this machine only\n')
  expect(text).not.toContain('dport 5432')
})

test('Homepage gets a group for each range, and links where a browser can go', async () => {
  expect(parse(await write('homepage', few, 'box.example'))).toEqual([
    { Monitoring: [{ Grafana: { href: 'http://box.example:3006/', description: '3006: Metrics dashboards' } }] },
    { 'Other services': [{ 'PostgreSQL Database': { description: '5432' } }] },
  ])
})

test('Prometheus gets a target for each TCP port with the name of its service', async () => {
  expect(JSON.parse(await write('prometheus', few))).toEqual([
    { targets: ['127.0.0.1:3006'], labels: { service: 'Grafana', range: 'Monitoring', host: 'box' } },
    { targets: ['127.0.0.1:5432'], labels: { service: 'PostgreSQL Database', range: '', host: 'box' } },
  ])
})

test('an empty registry makes an empty file of each form', async () => {
  for (const name of ['env', 'nginx', 'caddy', 'services', 'firewall'] as const)
    expect(await write(name, [])).toStartWith('# ')
  expect(parse(await write('traefik', []))).toEqual({})
  expect(parse(await write('homepage', []))).toEqual([])
  expect(JSON.parse(await write('prometheus', []))).toEqual([])
})

describe('whatever a service is called, only these lines are written', () => {
  const label = '[a-z][a-z0-9-]{0,45}'
  const target = String.raw`(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+`
  const noise = String.raw`#[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*`
  const proxy = String.raw`proxy_http_version 1\.1;|proxy_set_header [A-Za-z-]+ \$[a-z_]+;`
  const grammars: Readonly<Partial<Record<ExportName, RegExp>>> = {
    env: new RegExp(`^(|${noise}|[A-Z_][A-Z0-9_]*=\\d+)$`),
    nginx: new RegExp(
      `^ *(|${noise}|server \\{|listen 127\\.0\\.0\\.1:80;|server_name ${label}\\.localhost;|location / \\{|proxy_pass http://${target};|${proxy}|\\})$`,
    ),
    caddy: new RegExp(
      `^(|${noise}|http://${label}\\.localhost \\{|\tbind 127\\.0\\.0\\.1|\treverse_proxy ${target}|\\})$`,
    ),
    services: new RegExp(`^(|${noise}|${label} +\\d+/(tcp|udp) +${noise})$`),
    sysctl: new RegExp(`^(|${noise}|net\\.ipv4\\.ip_local_reserved_ports = [0-9,-]*)$`),
    firewall: new RegExp(
      `^ *(|${noise}|table inet filter \\{|chain iza_ports \\{|\\}|flush chain inet filter iza_ports|(meta nfproto ipv[46] |ip6? daddr [0-9a-f.:]+ )?(tcp|udp) dport \\d+ accept comment "${label}")$`,
    ),
  }
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '\n',
          '\r',
          ';',
          '{',
          '}',
          '"',
          "'",
          '$',
          '#',
          '`',
          '\\',
          ' ',
          'a',
          '\u2028',
          '\u0085',
          '{{',
          '${',
        ),
      )
      .map((parts) => parts.join('')),
  )
  const rows = fc.uniqueArray(
    fc.record({ name: names, port: fc.integer({ min: 1, max: 65535 }), description: names, range: names }),
    {
      comparator: (a, b) => a.port === b.port || nameKey(a.name) === nameKey(b.name),
      maxLength: 8,
    },
  )

  test.each(Object.entries(grammars) as [ExportName, RegExp][])('%s', async (name, grammar) => {
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        expect(strangeLines(await write(name, some), grammar)).toEqual([])
      }),
      { numRuns: 100 },
    )
    expect(strangeLines(await write(name, nasty), grammar)).toEqual([])
  })

  test('the YAML and JSON forms hold the names as mere texts', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        const tcp = JSON.parse(await write('prometheus', some)) as { labels: Record<string, string> }[]
        expect(tcp.map(({ labels }) => labels.service ?? '').toSorted()).toEqual(
          some.map(({ name }) => name.toWellFormed()).toSorted(),
        )
        const pages = await write('homepage', some)
        expect(pages).not.toContain('{{')
        const groups = parse(pages, { mapAsMap: true }) as Map<string, Map<string, unknown>[]>[]
        expect(groups.flatMap((group) => [...group.values()].flat())).toHaveLength(some.length)
        const traefik = parse(await write('traefik', some)) as { http?: { routers: Record<string, { rule: string }> } }
        const rules = Object.values(traefik.http?.routers ?? {}).map(({ rule }) => rule)
        expect(strangeLines(rules.join('\n'), new RegExp(`^(|Host\\(\`${label}\\.localhost\`\\))$`))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

function strangeLines(text: string, grammar: RegExp): string[] {
  return text.split('\n').filter((line) => !grammar.test(line))
}
