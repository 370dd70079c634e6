import { describe, expect, test } from 'bun:test'
import { web } from '../../../test/fixtures/compose/case.ts'
import { isProblem } from '../../core/problem.ts'
import { readCase } from './compose.fixture.ts'
import { readCompose } from './read.ts'

/** What is said of a file that cannot be used. */
async function refusal(files: string | Record<string, string>): Promise<string> {
  const error = await readCase({ files: typeof files === 'string' ? { 'compose.yaml': files } : files }).catch(
    (problem: unknown) => problem,
  )
  if (!isProblem(error)) throw new Error('it was read')
  if (isProblem(error, 'compose-invalid')) return `${error.facts.line}:${error.facts.column}: ${error.facts.why}`
  return error.message
}

const read = async (text: string, more: object = {}) =>
  (await readCase({ files: { 'compose.yaml': text }, ...more })).project

describe('says where and what is wrong', () => {
  const cases: readonly (readonly [string, string | Record<string, string>, string])[] = [
    [
      'broken YAML',
      'services:\n  web:\n    ports: [1\n',
      '4:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key twice', 'services:\n  a: {image: x}\n  a: {image: y}\n', '3:3: the key a is there twice'],
    ['a port that is no number', web('"8080:80"', '"http:80"'), "6:9: service web: 'http' is not a published port"],
    [
      'a published text in the long syntax',
      web('{target: 80, published: http}'),
      "5:9: service web: 'http' is not a published port",
    ],
    ['a port out of range', web('"70000:80"'), "5:9: service web: '70000' is not a published port"],
    ['a backward range', web('"81-80:81-80"'), "5:9: service web: the container port range '81-80' runs backwards"],
    [
      'ranges of different lengths',
      web('"1-2:1-3"'),
      "5:9: service web: '1-2:1-3': 2 published ports cannot serve 3 container ports",
    ],
    ['a host name as address', web('"localhost:80:80"'), "5:9: service web: 'localhost' is not an IP address"],
    ['a required variable', web('"${PORT:?set it}:80"'), '5:9: the variable PORT is required: set it'],
    ['no variable', web('"${PORT"'), '5:9: ${PORT is no variable; a dollar that is meant as such is written $$'],
    [
      'a circle of extends',
      'services:\n  a:\n    extends: b\n  b:\n    extends: a\n',
      '3:5: it extends in a circle: a in compose.yaml, which extends b in compose.yaml, which extends a in compose.yaml',
    ],
    [
      'a circle of extends through files',
      {
        'compose.yaml': 'services:\n  a:\n    extends: {file: b.yaml, service: b}\n',
        'b.yaml': 'services:\n  b:\n    extends: {file: compose.yaml, service: a}\n',
      },
      '3:5: it extends in a circle: a in compose.yaml, which extends b in b.yaml, which extends a in compose.yaml',
    ],
    [
      'a missing service',
      'services:\n  a:\n    extends: b\n',
      '3:14: service a extends b, which compose.yaml does not have',
    ],
    [
      'a circle of includes',
      { 'compose.yaml': 'include: [b.yaml]\n', 'b.yaml': 'include:\n  - compose.yaml\n' },
      '2:5: it includes itself: compose.yaml, which includes b.yaml, which includes compose.yaml',
    ],
    ['an empty file', '# nothing\n', '1:1: it is empty'],
    ['no services', 'version: "3"\n', '1:1: it has no services'],
  ]
  test.each(cases)('%s', async (_, files, expected) => {
    expect(await refusal(files)).toBe(expected)
  })
})

test('refuses aliases that stand for millions of values, at once', async () => {
  const levels = Array.from({ length: 40 }, (_, level) => {
    const below = level === 0 ? '1,1,1,1,1,1,1,1,1,1' : Array.from({ length: 10 }, () => `*l${level - 1}`).join(',')
    return `x-${level}: &l${level} [${below}]\n`
  })
  expect(await refusal(`${levels.join('')}${web('80')}`)).toMatch(/^6:\d+: its aliases stand for \d+ values$/)
})

test('reads a project of five megabytes', async () => {
  const services = Array.from({ length: 60_000 }, (_, index) => {
    return `  service-${index}:\n    image: registry.example/team/image-${index}:latest\n    ports: ["${1024 + index}:80"]\n`
  })
  const text = `services:\n${services.join('')}`
  expect(text.length).toBeGreaterThan(5_000_000)
  const project = await read(text)
  expect(project.services.at(-1)?.publishes[0]).toMatchObject({ published: 61_023, line: 180_001 })
}, 60_000)

test('keeps where each port is written, also across files and anchors', async () => {
  const { project } = await readCase({
    files: {
      'compose.yaml': 'x-ports: &ports\n  - "1:1"\nservices:\n  web:\n    image: x\n    ports: *ports\n',
      'b.yaml': 'services:\n  web:\n    ports:\n      - target: 2\n        published: 2-3\n',
    },
    use: ['compose.yaml', 'b.yaml'],
  })
  expect(
    project.services[0]?.publishes.map(({ file, line, column, syntax, entry }) => [file, line, column, syntax, entry]),
  ).toEqual([
    ['compose.yaml', 2, 5, 'short', 0],
    ['b.yaml', 4, 9, 'long', 1],
  ])
})

test('lets a service that uses the network of the host publish nothing, and says so', async () => {
  const project = await read(`${web('"8080:80"')}    network_mode: host\n`)
  expect(project.services[0]).toMatchObject({ hostNetwork: true, publishes: [] })
  expect(project.notices).toMatchObject([{ what: 'host-network', text: 'web', line: 5 }])
})

test('tells of what Compose 1 would read as a number of base 60, and of variables without a value', async () => {
  const project = await read(web('22:22', '"23:22"', '8080:80', '${NONE}80'))
  expect(project.notices.map(({ what, text, line, column }) => [what, text, line, column])).toEqual([
    ['sexagesimal', '22:22', 5, 9],
    ['unset', 'NONE', 8, 9],
  ])
})

test('keeps services of other profiles, which do not start', async () => {
  const text = `${web('"1:1"')}    profiles: [debug]\n  b:\n    image: x\n`
  expect((await read(text)).services.map(({ name, active }) => [name, active])).toEqual([
    ['web', false],
    ['b', true],
  ])
  expect((await read(text, { profiles: ['debug'] })).services[0]?.active).toBe(true)
})

test('knows labels as a list and as a mapping', async () => {
  const project = await read('services:\n  a:\n    labels: ["k=v=w", "bare"]\n  b:\n    labels: {k: 1, t: true}\n')
  expect(project.services.map(({ labels }) => labels)).toEqual([
    { k: 'v=w', bare: '' },
    { k: '1', t: 'true' },
  ])
})

test('knows aliases of every network, each once', async () => {
  const networks = '{a: {aliases: [x, y]}, b: {aliases: [y]}, c: null}'
  const project = await read(`services:\n  a:\n    networks: ${networks}\n  b:\n    networks: [a]\n`)
  expect(project.services.map(({ aliases }) => aliases)).toEqual([['x', 'y'], []])
})

test('takes an IPv6 address without brackets, as later versions than 2.26 do', async () => {
  const project = await read(web('"::1:6000:6000"', '::1:6001:6001'))
  expect(project.services[0]?.publishes.map(({ hostIp, published }) => [hostIp, Number(published)])).toEqual([
    ['::1', 6000],
    ['::1', 6001],
  ])
})

test('names the project as Compose does', async () => {
  const named = async (text: string, more: object): Promise<string> => {
    const sources = {
      files: ['/srv/My Shop.2/compose.yaml'],
      directory: null,
      environment: {},
      envFiles: [],
      profiles: [],
    }
    const files: Record<string, string> = { '/srv/My Shop.2/compose.yaml': text }
    const from = { ...sources, name: null, read: (path: string) => files[path] ?? null, ...more }
    return (await readCompose(from)).project.name
  }
  expect(await named(web('80'), {})).toBe('myshop2')
  expect(await named(`name: \${N:-top}\n${web('80')}`, {})).toBe('top')
  expect(await named(`name: top\n${web('80')}`, { environment: { COMPOSE_PROJECT_NAME: 'env' } })).toBe('env')
  expect(await named(`name: top\n${web('80')}`, { name: 'given', environment: { COMPOSE_PROJECT_NAME: 'env' } })).toBe(
    'given',
  )
})

test('says which file is missing', async () => {
  const error = await readCase({ files: {}, use: ['none.yaml'] }).catch((problem: unknown) => problem)
  expect(isProblem(error, 'file-missing') && error.facts.path).toBe('none.yaml')
})
