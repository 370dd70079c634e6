import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Import } from '../../src/operations/import.ts'
import type { Up } from '../../src/operations/up.ts'
import { freePort } from '../free-port.fixture.ts'
import { Person, serverCommand } from '../ports.fixture.ts'

const recipesOf = (person: Person): string => join(person.home, '.local/share/iza-ports/services.yaml')

/** A server that listens on the last word of its command line. */
const server =
  'import { createServer } from "node:http"; createServer((_, answer) => answer.end("hello")).listen(process.argv.at(-1))'

function write(person: Person, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(person.home, name)), { recursive: true })
    writeFileSync(join(person.home, name), text)
  }
}

function told({ recipes }: Import): string[] {
  return recipes.map(({ service, port, outcome }) => `${service} ${port} ${outcome}`)
}

test('a Procfile becomes services that come up with its env file, on the ports that Foreman would give them', async () => {
  const person = new Person()
  const base = freePort()
  const named = freePort()
  const hello = serverCommand('process.env.PORT', 'const hello = process.env.HELLO').replace('"hello"', 'hello')
  write(person, {
    'shop/Procfile': `# all\nweb: exec ${hello}\nworker: sleep 1000\nadmin: node server.mjs --port ${named}\n`,
    'shop/server.mjs': server,
    'shop/.env': `PORT=${base}\nHELLO="good day"\n`,
  })
  const dry = await person.ports('import', 'shop/Procfile', '--dry-run')
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('6 changes would be made')])
  expect(existsSync(recipesOf(person))).toBe(false)
  const first = await person.json<Import>('import', 'shop/Procfile')
  expect(told(first)).toEqual([`shop web ${base} new`, `shop admin ${named} new`])
  expect(first.unused.map(({ line, text }) => [line, text])).toEqual([[3, 'worker: sleep 1000']])
  const { services } = await person.json<Up>('up', 'shop')
  expect(services.map(({ service, port, outcome }) => [service, port, outcome])).toEqual([
    ['shop web', base, 'started'],
    ['shop admin', named, 'started'],
  ])
  expect(await (await fetch(`http://127.0.0.1:${base}`)).text()).toBe('good day')
  expect((await person.ports('down')).code).toBe(0)
  // It can be moved, because its recipe does not hold the digits any more.
  const elsewhere = freePort()
  await person.ports('move', 'shop admin', String(elsewhere), '--why', 'test')
  expect((await person.json<Up>('up', 'shop admin')).services[0]).toMatchObject({ port: elsewhere, outcome: 'started' })
  const before = readFileSync(recipesOf(person), 'utf8')
  const again = await person.json<Import>('import', 'shop/Procfile')
  expect([again.changes, told(again)]).toEqual([0, [`shop web ${base} same`, `shop admin ${elsewhere} same`]])
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(before)
}, 120_000)

test('a script of a package comes up with its package manager, and what a person changed stays until they say otherwise', async () => {
  const person = new Person()
  const port = freePort()
  const scripts = { build: 'true', dev: `node server.mjs --port \${PORT:-${port}}`, start: 'node server.mjs' }
  write(person, {
    'app/package.json': JSON.stringify({ name: '@acme/shop', scripts }, null, 2),
    'app/package-lock.json': '{}',
    'app/server.mjs': server,
  })
  const { out, code } = await person.ports('import', 'app/package.json')
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(new RegExp(`shop +${port} +new +npm run dev\n2 lines were not taken:`)),
  ])
  expect(out).toContain('line 6: dev is taken; --take start takes it (start: node server.mjs)')
  expect((await person.json<Up>('up', 'shop')).services[0]).toMatchObject({ port, outcome: 'started' })
  // A setting of one's own beside what the file says is no difference.
  await person.ports('edit', 'shop', '--restart', 'always')
  expect((await person.json<Import>('import', 'app/package.json')).changes).toBe(0)
  await person.ports('edit', 'shop', '--command', 'npm run dev -- --mine')
  const kept = readFileSync(recipesOf(person), 'utf8')
  const differs = await person.ports('import', 'app/package.json')
  expect([differs.code, differs.out]).toEqual([
    1,
    expect.stringContaining('your own recipe has another command and stays'),
  ])
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(kept)
  const replaced = await person.json<Import>('import', 'app/package.json', '--replace')
  expect([replaced.plan, told(replaced)]).toEqual([['recipe shop: npm run dev'], [`shop ${port} replaced`]])
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(kept.replace(' -- --mine', ''))
  const more = await person.json<Import>('import', 'app/package.json', '--take', 'start', '--take', 'dev')
  expect(told(more)).toEqual([`shop ${port} same`, 'shop start null new'])
  const startless = await person.json<Up>('up', 'shop start')
  expect(startless.services[0]).toMatchObject({ outcome: 'failed', hint: expect.stringContaining('ports reserve') })
}, 120_000)

test('a monorepo gives a service for each package that serves, by one commit, beside those that are registered already', async () => {
  const person = new Person()
  const json = (content: object): string => JSON.stringify(content, null, 1)
  write(person, {
    'package.json': json({ name: 'acme', workspaces: ['apps/*', '!apps/old'], scripts: { dev: 'turbo run dev' } }),
    'pnpm-lock.yaml': '',
    'apps/web/package.json': json({ name: '@acme/web', scripts: { dev: 'vite', preview: 'vite preview' } }),
    'apps/docs/package.json': json({ name: '@acme/docs', scripts: { dev: 'vite' } }),
    'apps/api/package.json': json({ name: '@acme/api', scripts: { dev: 'PORT=3001 node api.js' } }),
    'apps/old/package.json': json({ name: '@acme/old', scripts: { dev: 'vite' } }),
    'apps/node_modules/x/package.json': json({ name: 'x', scripts: { dev: 'vite' } }),
  })
  await person.ports('reserve', 'Web', '4000')
  await person.ports('reserve', 'Other', '3001')
  const before = (await person.json<{ revision: number }>('status')).revision
  const imported = await person.json<Import>('import', 'package.json')
  expect(told(imported)).toEqual(['docs 5173 new', 'Web 4000 new'])
  expect(imported.recipes.map(({ command }) => command)).toEqual([
    'pnpm run dev --port {port} --strictPort',
    'pnpm run dev --port {port} --strictPort',
  ])
  expect(imported.unused.map(({ text, why }) => `${text}: ${why}`)).toEqual([
    'api: its command listens on 3001 whatever it is told, and 3001 belongs to Other',
    'apps/web/package.json preview: vite preview: dev is taken; --take preview takes it',
    'dev: turbo run dev: it starts several programs with turbo, and each needs a recipe of its own',
  ])
  expect((await person.json<{ revision: number }>('status')).revision).toBe(before + 1)
  expect(readFileSync(recipesOf(person), 'utf8').match(/tags:\n +- acme/g)).toHaveLength(2)
}, 120_000)

test('the services.yaml of a project is taken whole, once, and its services start wherever the person stands', async () => {
  const person = new Person()
  const [database, web, other] = [freePort(), freePort(), freePort()]
  const file = (more = ''): string => `services:
  Database:
    port: ${database}
    command: exec node server.mjs {port}
    restart: always
  Web:
    port: ${web}
    command: test "$COLOUR" = red && exec node server.mjs {port}
    working_dir: ./web
    environment:
      COLOUR: red
    healthcheck:
      http: /
    stop_signal: INT
    depends_on: [Database]
${more}`
  write(person, { 'shop/services.yaml': file(), 'shop/server.mjs': server, 'shop/web/server.mjs': server })
  const dry = await person.ports('import', 'shop/services.yaml', '--dry-run')
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('recipe Database: exec node server.mjs {port}')])
  expect(existsSync(recipesOf(person))).toBe(false)
  const first = await person.json<Import>('import', 'shop/services.yaml')
  expect([first.startedBy, first.changes, told(first), first.unused]).toEqual([
    'ports',
    6,
    [`Database ${database} new`, `Web ${web} new`],
    [],
  ])
  const { services } = await person.json<Up>('up')
  expect(services.map(({ service, port, outcome }) => [service, port, outcome])).toEqual([
    ['Database', database, 'started'],
    ['Web', web, 'started'],
  ])
  expect(await (await fetch(`http://127.0.0.1:${web}`)).text()).toBe('hello')
  expect((await person.ports('down')).code).toBe(0)
  const kept = readFileSync(recipesOf(person), 'utf8')
  expect((await person.json<Import>('import', 'shop/services.yaml')).changes).toBe(0)
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(kept)
  // The registry outranks the file for the port, and what is unknown, held or in a circle is told with its line.
  await person.ports('move', 'Web', String(other), '--why', 'test')
  await person.ports('reserve', 'Cache', String(web))
  const more = `  Queue:\n    port: ${web}\n    command: x\n    depends_on: [Nobody]\n`
  write(person, { 'shop/services.yaml': file(more) })
  const held = await person.ports('import', 'shop/services.yaml')
  expect([held.code, held.out]).toEqual([
    1,
    expect.stringMatching(
      new RegExp(
        `Web +${other} +as it was[^]*line 6: the registry has ${other} for it[^]*line 16: ${web} belongs to Cache`,
      ),
    ),
  ])
  for (const [text, why] of [
    [file('    stop_signl: INT\n'), "services.yaml:16:5: Web has no 'stop_signl', 'stop_signal' may be meant"],
    [file().replace('restart: always', 'depends_on: [Web]'), 'wait for each other: Database -> Web -> Database'],
  ] as const) {
    write(person, { 'shop/services.yaml': text })
    const refused = await person.ports('import', 'shop/services.yaml', '--replace')
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(why)])
  }
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(kept)
  write(person, { 'shop/services.yaml': file().replace('restart: always', 'restart: on-failure') })
  const replaced = await person.ports('import', 'shop/services.yaml', '--replace', '--take', 'Database')
  expect([replaced.code, replaced.out]).toEqual([
    0,
    expect.stringMatching(
      new RegExp(
        `Database +${database} +replaced[^]*--take does not name it[^]*goes on as it was started: ports restart NAME`,
      ),
    ),
  ])
  expect(readFileSync(recipesOf(person), 'utf8')).toBe(kept.replace('restart: always', 'restart: on-failure'))
}, 120_000)

test('a compose file gives its ports to the registry, and says who starts its containers', async () => {
  const person = new Person()
  write(person, {
    'shop/services.yaml': 'services:\n  web:\n    image: nginx\n    command: nginx\n    ports: ["8080:80"]\n',
  })
  const { out, code } = await person.ports('import', 'shop/services.yaml')
  expect([code, out]).toEqual([0, expect.stringContaining('Compose starts their containers (docker compose up)')])
  expect(existsSync(recipesOf(person))).toBe(false)
})

test('what cannot be imported is told with its line, and nothing is changed', async () => {
  const person = new Person()
  write(person, {
    'a/package.json': '{\n  "scripts": { "dev" 1 }\n}\n',
    'b/Procfile': '',
    'c/Procfile': 'web: x $PORT\n',
    'c/.env': 'A=1\nB C=2\n',
    'd/package.json': '{ "scripts": { "develop": "vite" } }',
    'e/package.json': '{}',
    'f/Procfile': 'web: \u001b[2Jx --port 5\n',
  })
  for (const [words, why] of [
    [['a/package.json'], 'a/package.json:2: colon expected'],
    [['b/Procfile'], 'b/Procfile:1: it is empty'],
    [['c/Procfile'], "c/.env:2:1: 'B C' is no name: it holds a space"],
    [['d/package.json', '--take', 'develpo'], "has no 'develpo'; Did you mean 'develop'?"],
    [['e/package.json', '--take', 'dev'], "has no 'dev'; It names nothing that could be started."],
    [['nowhere/Procfile'], 'there is no file'],
  ] as const) {
    const { code, err } = await person.ports('import', ...words)
    expect([code, err.replaceAll(/\n */g, '; ')]).toEqual([2, expect.stringContaining(why)])
  }
  const none = await person.ports('import', 'e/package.json')
  expect([none.code, none.out]).toEqual([
    0,
    expect.stringContaining('starts no service that could be taken: it names none'),
  ])
  const steering = await person.ports('import', 'f/Procfile')
  expect(steering.out).not.toContain('\u001b')
  expect((await person.json<Import>('import', 'd/package.json')).unused[0]?.why).toContain('--take develop takes it')
  expect(existsSync(recipesOf(person))).toBe(true)
})
