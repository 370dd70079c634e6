import { expect, test } from 'bun:test'
import { web } from '../../../test/fixtures/compose/case.ts'
import { host, registryOf } from '../../core/compose-plan.fixture.ts'
import { planCompose } from '../../core/compose-plan.ts'
import { readCase } from './compose.fixture.ts'
import { writeOverride } from './write-override.ts'
import { writeStandalone } from './write-standalone.ts'

async function planned(files: Record<string, string>, services: Parameters<typeof registryOf>[0]) {
  const { project, merged } = await readCase({ files })
  return { merged, plan: planCompose(project, registryOf(services), host) }
}

const override = async (text: string, services: Parameters<typeof registryOf>[0]): Promise<string | null> =>
  writeOverride((await planned({ 'compose.yaml': text }, services)).plan)

test('writes the ports of the services that move, with reasons, and nothing else', async () => {
  const text = `services:
  grafana:
    image: grafana/grafana
    ports: ["127.0.0.1:3000:3000", "9999:9999/udp"]
    environment: {A: b}
  db:
    image: postgres
    ports: ["5432:5432"]
`
  expect(await override(text, { Grafana: [3006], PostgreSQL: [5432] }))
    .toBe(`# Published ports as the IZA Ports registry has them, laid over the files of the project.
# !override replaces the list of ports; it needs Compose 2.24.4 or later.
services:
  grafana:
    # 3000 -> 3006: Grafana (known by its name) has 3006 in the registry.
    # 9999/udp stays: Grafana has no udp port in the registry.
    ports: !override
      - "127.0.0.1:3006:3000"
      - "9999:9999/udp"
`)
})

test('writes nothing where nothing moves', async () => {
  expect(await override(web('"3000:80"'), { Web: [3000] })).toBeNull()
})

const kept: readonly (readonly [string, string, string])[] = [
  ['a short entry', '"3000:80"', '"4001:80"'],
  ['an IPv6 address', '"[::1]:3000:80"', '"[::1]:4001:80"'],
  ['the protocol', '"3000:80/UDP"', '"4001:80/udp"'],
  ['an entry without a published port', '80', '"4001:80"'],
  ['an address without a published port', '127.0.0.1::80', '"127.0.0.1:4001:80"'],
  ['a range that moves as one', '"3000-3001:80-81"', '"4001-4002:80-81"'],
  [
    'all of the long syntax',
    '{name: w, target: 80, published: "3000", host_ip: "::1", protocol: udp, app_protocol: http, mode: host}',
    'name: "w"\n        target: 80\n        published: "4001"\n        host_ip: "::1"\n        protocol: udp\n        app_protocol: "http"\n        mode: host',
  ],
]
test.each(kept)('keeps %s', async (_, before, after) => {
  const protocol = /udp/i.test(before) ? '/udp' : ''
  const text = await override(web(before), { Web: [`4001${protocol}`, `4002${protocol}`] })
  expect(text?.split('ports: !override\n')[1]).toBe(`      - ${after}\n`)
})

test('splits a range whose ports do not stay beside each other', async () => {
  const text = await override(web('"3000-3003:80-83"'), { Web: [3001, 4001, 4003, 4004] })
  expect(text?.split('ports: !override\n')[1]).toBe('      - "4001:80"\n      - "3001:81"\n      - "4003-4004:82-83"\n')
})

test('writes the same text for the same plan', async () => {
  const { plan } = await planned({ 'compose.yaml': web('"3000:80"', '"3001:81"') }, { Web: [1, 2] })
  expect(writeOverride(plan)).toBe(writeOverride(structuredClone(plan)))
})

test('writes one file that needs no tags, no other file and no variables', async () => {
  const { merged, plan } = await planned(
    {
      'compose.yaml': `name: shop
x-any: {a: b}
include: [sub/more.yaml]
services:
  web:
    extends: {file: sub/base.yaml, service: base}
    image: "nginx:\${TAG:-1}"
    environment: {COST: $$5, "ON": "on", RATIO: "22:22"}
    depends_on: [db]
    ports: ["3000:80"]
`,
      'sub/base.yaml':
        'services:\n  base:\n    build: ./app\n    env_file: [.env, /etc/x]\n    volumes: ["./data:/data", "named:/n"]\n    depends_on: [cache]\n',
      'sub/more.yaml':
        'services:\n  db: {image: postgres, ports: ["22:22"]}\n  cache: {image: redis}\nvolumes:\n  named: {}\n',
    },
    { Web: [4001] },
  )
  const text = writeStandalone(merged, plan)
  expect(text.replace(/^#.*\n/gm, '')).toBe(`services:
  web:
    build: ./sub/app
    env_file:
      - ./sub/.env
      - /etc/x
    volumes:
      - ./sub/data:/data
      - named:/n
    depends_on:
      - cache
      - db
    image: nginx:1
    environment:
      COST: $$5
      "ON": "on"
      RATIO: "22:22"
    ports:
      - 4001:80
  db:
    image: postgres
    ports:
      - "22:22"
  cache:
    image: redis
volumes:
  named: {}
`)
})
