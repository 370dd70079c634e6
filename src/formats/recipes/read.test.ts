import { expect, test } from 'bun:test'
import { isProblem } from '../../core/problem.ts'
import { plainRecipe } from '../../core/recipe.ts'
import { port } from '../../core/port.ts'
import { bytesOf, secondsOf } from './quantity.ts'
import { readRecipes, readWrittenRecipes, recipeKeys } from './read.ts'
import { isRecipeFile } from './recognise.ts'
import { entriesOf, saysOf } from './says.ts'
import { editRecipe } from './write.ts'

const place = { path: 'services.yaml', folder: '/srv/app', home: '/home/me' }

function wrong(text: string): string {
  try {
    readRecipes(text, place)
  } catch (error) {
    if (isProblem(error, 'recipe-invalid') || isProblem(error, 'name-invalid')) return error.message
    throw error
  }
  return ''
}

test('reads a whole recipe by the words of Compose', () => {
  const text = `
services:
  PostgreSQL: { command: postgres -p {port} }
  Web App:
    port: 3000
    command: npm run dev -- --port {port}
    working_dir: ./web
    environment: [A=1, "B=x=y"]
    env_file: .env
    start_period: 1m30s
    healthcheck: { http: /health, interval: 5s }
    restart: unless-stopped
    stop_signal: SIGINT
    stop_grace_period: 20s
    depends_on: { PostgreSQL: { condition: service_started } }
    tags: [web]
    mem_limit: 512m
    hand_over: yes
    backend: systemd
`.replace('{ command: postgres -p {port} }', '{ command: "postgres -p {port}" }')
  expect(readRecipes(text, place)).toEqual([
    plainRecipe('PostgreSQL', 'postgres -p {port}', '/srv/app'),
    {
      service: 'Web App',
      port: port(3000),
      command: 'npm run dev -- --port {port}',
      cwd: '/srv/app/web',
      environment: { A: '1', B: 'x=y' },
      environmentFile: '.env',
      within: 90,
      health: { kind: 'http', path: '/health', every: 5 },
      restart: 'always',
      stop: { signal: 'INT', seconds: 20 },
      after: ['PostgreSQL'],
      tags: ['web'],
      memory: 512 * 1024 * 1024,
      handOver: true,
      backend: 'systemd',
    },
  ])
})

test('what stands in a file is told from what counts without it, and can be written into another file', () => {
  const text = `
services:
  A: { command: x }
  B:
    command: x
    environment: { A: 1 }
    env_file: .env
    start_period: 90s
    healthcheck: { http: /, interval: 500ms }
    restart: "no"
    stop_signal: INT
    depends_on: [A]
    tags: [a]
    mem_limit: 1g
  C: { command: x, stop_grace_period: 3s, environment: {} }
`
  const written = readWrittenRecipes(text, place)
  expect(written.map(({ line, keys }) => [line, keys.length])).toEqual([
    [3, 1],
    [4, 10],
    [15, 3],
  ])
  const [a, , c] = written.map(saysOf)
  expect([a, c]).toEqual([
    { command: 'x', cwd: '/srv/app' },
    { command: 'x', cwd: '/srv/app', environment: {}, stop: { seconds: 3 } },
  ])
  const copy = written.reduce((before, one) => editRecipe(before, one.recipe.service, entriesOf(saysOf(one))), '')
  expect(readRecipes(copy, { ...place, folder: '/elsewhere' })).toEqual(written.map(({ recipe }) => recipe))
})

test.each([
  ['services.yaml', 'services:\n  A: { command: x, comand: y }', true],
  ['a/services.yml', 'services: [', true],
  ['my.services.yaml', '', true],
  ['services.yaml', 'services:\n  A: { image: x }', false],
  ['services.yaml', 'schema: 1\nservices: []', false],
  ['services.yaml', 'include: [a.yaml]\nservices: {}', false],
  ['ten.yaml', 'services:\n  A: { command: x, port: 1 }', true],
  ['ten.yaml', 'services:\n  A: { command: x, build: . }\n  B: { command: x }', false],
  ['ten.yaml', 'services:\n  A: { ports: [1] }', false],
  ['ten.yaml', 'services: [', false],
  ['compose.override.yaml', 'services:\n  A: { command: x }', false],
])('%s with %j is a file of recipes: %p', (name, text, expected) => {
  expect(isRecipeFile(text, name)).toBe(expected)
})

test('takes a command in words as one that a shell gives back word for word', () => {
  const [recipe] = readRecipes(
    `services:\n  A:\n    command: [echo, "it's", "a b", "$(x)"]\n    working_dir: ~/a`,
    place,
  )
  expect([recipe?.command, recipe?.cwd]).toEqual([`echo 'it'\\''s' 'a b' '$(x)'`, '/home/me/a'])
  expect(Bun.spawnSync(['sh', '-c', recipe?.command ?? '']).stdout.toString()).toBe("it's a b $(x)\n")
})

test('an empty file holds no recipe', () => {
  expect(readRecipes('', place)).toEqual([])
  expect(readRecipes('services:\n', place)).toEqual([])
})

test.each([
  ['services: [a', 'services.yaml:1:'],
  ['service: {}', "services.yaml:1:1: the file has no 'service', 'services' may be meant"],
  ['services:\n  A:\n    comand: x', "services.yaml:3:5: A has no 'comand', 'command' may be meant"],
  ['services:\n  A:\n    restart: no', 'services.yaml:2:3: A has no command'],
  ['services:\n  A: { command: x, port: 70000 }', "services.yaml:2:26: '70000' is no port"],
  ['services:\n  A: { command: x, stop_signal: KILL }', "'KILL' is no signal to end with: write TERM, INT"],
  ['services:\n  A: { command: x, mem_limit: 12 }', "'12' is no size of memory"],
  ['services:\n  A: { command: x, stop_grace_period: -1s }', "'-1s' is no stop_grace_period"],
  ['services:\n  A: { command: x, stop_grace_period: 9999h }', "'9999h' is no stop_grace_period"],
  ['services:\n  A: { command: x, environment: ["=a"] }', "'=a' is no variable"],
  ['services:\n  A: { command: x, environment: { "a-b": 1 } }', "'a-b' is no name of a variable"],
  ['services:\n  A: { command: x, healthcheck: { http: x } }', "'x' is no path: write one that begins with /"],
  ['services:\n  A: { command: x, healthcheck: { http: /, tcp: true } }', 'takes exactly one of http, tcp and command'],
  ['services:\n  A: { command: x }\n  a: { command: y }', 'services.yaml:3:3: a stands here twice'],
  ['services:\n  A: x', 'services.yaml:2:6: A should be a map'],
  ['services:\n  "\\e[2J": { command: x }', 'cannot name a service'],
])('tells line, column and what is wrong: %#', (text, words) => {
  expect(wrong(text)).toContain(words)
})

test('reads spans and sizes as Compose writes them', () => {
  expect(['1m30s', '500ms', '2h', '45', '1.5s', 's', '1x', ''].map(secondsOf)).toEqual([
    90,
    0.5,
    7200,
    45,
    1.5,
    null,
    null,
    null,
  ])
  expect(['512m', '1.5gb', '64k', '100', '1T', 'x', ''].map(bytesOf)).toEqual([
    512 * 2 ** 20,
    1.5 * 2 ** 30,
    65_536,
    100,
    2 ** 40,
    null,
    null,
  ])
})

test('the guide shows every word, and its file can be read', async () => {
  const guide = await Bun.file(new URL('../../../docs/guide/services.md', import.meta.url)).text()
  const file = /```yaml\n(.*?)```/s.exec(guide)?.[1] ?? ''
  expect(readRecipes(file, place).map(({ service }) => service)).toEqual(['PostgreSQL', 'Shop'])
  for (const key of recipeKeys)
    expect([key, file.includes(`    ${key}:`), guide.includes(`\`${key}\``)]).toEqual([key, true, true])
})
