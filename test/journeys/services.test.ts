import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logs } from '../../src/operations/logs.ts'
import type { Ps } from '../../src/operations/ps.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import type { Up } from '../../src/operations/up.ts'
import { Person, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const file = (person: Person): string => join(person.home, '.local/share/iza-ports/services.yaml')

async function states(person: Person): Promise<string[]> {
  const { services } = await person.json<Ps>('ps')
  return services.map(({ service, state, wanted }) => `${service} ${state}${wanted ? ' wanted' : ''}`)
}

/** A server that writes when it was started and when it was asked to end, so that an order shows. */
function told(person: Person, name: string): string {
  const log = join(person.home, 'order')
  const note = (what: string): string => `require("node:fs").appendFileSync("${log}", "${what} ${name}\\n")`
  return serverCommand(
    'process.env.PORT',
    `${note('start')}; process.on("SIGINT", () => { ${note('int')}; process.exit() })`,
  )
}

test('a folder of services comes up from one file, in order, and goes down the other way round', async () => {
  const person = new Person()
  const [db, api, web] = [freePort(), freePort(), freePort()]
  const services = {
    Web: { port: web, command: told(person, 'Web'), depends_on: ['API'], stop_signal: 'SIGINT', tags: ['front'] },
    API: {
      port: api,
      command: told(person, 'API'),
      depends_on: ['DB'],
      stop_signal: 'INT',
      healthcheck: { http: '/' },
    },
    DB: { port: db, command: told(person, 'DB'), stop_signal: 'INT' },
  }
  writeFileSync(join(person.home, 'services.yaml'), JSON.stringify({ services }))
  const first = await person.json<Up>('up', 'front', '--file', 'services.yaml')
  expect(first.services.map(({ service, outcome, port }) => [service, outcome, port])).toEqual([
    ['DB', 'started', db],
    ['API', 'started', api],
    ['Web', 'started', web],
  ])
  expect(await states(person)).toEqual(['Web running wanted', 'API running wanted', 'DB running wanted'])
  const again = await person.ports('up', '--file', 'services.yaml')
  expect([again.code, again.out.match(/already running/g)?.length]).toEqual([0, 3])
  const down = await person.ports('down', '--file', 'services.yaml')
  expect(down.code).toBe(0)
  expect(readFileSync(join(person.home, 'order'), 'utf8').trim().split('\n')).toEqual([
    'start DB',
    'start API',
    'start Web',
    'int Web',
    'int API',
    'int DB',
  ])
  expect(await states(person)).toEqual(['Web ended', 'API ended', 'DB ended'])
})

test('what waits for a service that fails is skipped, the rest comes up, and the exit code says so', async () => {
  const person = new Person()
  const [bad, good] = [freePort(), freePort()]
  const services = {
    Bad: { port: bad, command: 'echo broken; exit 3' },
    Needs: { port: freePort(), command: 'true', depends_on: ['Bad'] },
    Good: { port: good, command: serverCommand() },
  }
  writeFileSync(join(person.home, 'all.yaml'), JSON.stringify({ services }))
  const { code, out } = await person.ports('up', '--file', 'all.yaml')
  expect(code).toBe(1)
  expect(out).toContain(`Bad ended before it listened on ${bad}: exit code 3`)
  expect(out).toContain('it waits for Bad, which is not up')
  expect(out).toMatch(new RegExp(`Good +${good} +up after`))
  // A service that never came up is not left to be wanted.
  expect((await states(person)).toSorted((a, b) => a.localeCompare(b))).toEqual(['Bad ended', 'Good running wanted'])
})

test('a recipe is written word by word, used by start, and started anew by restart', async () => {
  const person = new Person()
  const port = freePort()
  mkdirSync(join(person.home, 'app'))
  writeFileSync(join(person.home, 'app/.env'), 'FROM_FILE="it is $HOME"\nBOTH=file\n')
  const command = `echo "$FROM_FILE $BOTH $(pwd)"; ${serverCommand()}`
  const words = ['--command', command, '--port', String(port), '--cwd', join(person.home, 'app')]
  const more = ['--env', 'BOTH=recipe', '--env-file', '.env', '--health', 'tcp', '--memory', '8g']
  expect((await person.ports('edit', 'App', ...words, ...more)).code).toBe(0)
  expect(statSync(file(person)).mode & 0o777).toBe(0o600)
  expect((await person.ports('up', 'app')).code).toBe(0)
  const { logs } = await person.json<Logs>('logs', 'App')
  expect(logs[0]?.lines[0]).toBe(`it is ${person.home} recipe ${join(person.home, 'app')}`)
  const before = (await person.json<Ps>('ps')).services[0]?.pids[0]
  expect((await person.ports('restart', 'App')).code).toBe(0)
  const after = (await person.json<Ps>('ps')).services[0]?.pids[0]
  expect(after).not.toBe(before)
  expect((await person.ports('restart', 'Nobody')).code).toBe(2)
})

test('editing keeps the comments of a person, and what is wrong is refused before it is written', async () => {
  const person = new Person()
  await person.ports('edit', 'A', '--command', 'true')
  const text = readFileSync(file(person), 'utf8').replace('services:', '# mine\nservices:')
  writeFileSync(file(person), text)
  const edited = await person.ports('edit', 'A', '--restart', 'always', '--after', 'B, C')
  expect([edited.code, edited.err]).toEqual([
    0,
    expect.stringMatching(
      /it waits for B, and how to start that is not known[^]*it waits for C[^]*it has no port: ports edit "A" --port PORT/,
    ),
  ])
  // What it says can be written into the file as it stands there.
  expect(edited.out).toContain(
    '  start_period: 30s\n  restart: always\n  stop_signal: TERM\n  stop_grace_period: 10s\n',
  )
  const unknown = await person.ports('edit', 'Nobody')
  expect([unknown.code, unknown.err]).toEqual([
    2,
    'ports: how to start Nobody is not known\nGive it once: ports edit "Nobody" --command "..."\n',
  ])
  expect(readFileSync(file(person), 'utf8')).toContain('# mine\n')
  expect((await person.json<{ recipe: { after: string[] } }>('edit', 'A', '--dry-run')).recipe.after).toEqual([
    'B',
    'C',
  ])
  const kept = readFileSync(file(person), 'utf8')
  for (const [words, why] of [
    [['--restart', 'often'], "'often' is no restart: write no, on-failure, always"],
    [['--stop-signal', 'KILL'], "'KILL' is no signal to end with"],
    [['--memory', '12'], "'12' is no size of memory"],
    [['--port', '99999'], "'99999' is no port"],
    [['--health', 'often'], "healthcheck has no 'often'"],
    [['--after', 'a'], 'these services wait for each other: A -> A'],
    [['--command', ''], 'A has no command'],
    [['--env', 'no'], "'no' is no variable"],
  ] as const) {
    const { code, err } = await person.ports('edit', 'A', ...words)
    expect([code, err]).toEqual([2, expect.stringContaining(why)])
  }
  expect(readFileSync(file(person), 'utf8')).toBe(kept)
})

test('bad recipes are told with their place, and nothing is started', async () => {
  const person = new Person()
  const recipes = join(person.home, 's.yaml')
  for (const [text, words] of [
    ['services:\n  A:\n    comand: x\n', `${recipes}:3:5: A has no 'comand', 'command' may be meant`],
    [
      'services:\n  A: { command: x, depends_on: [B] }\n  B: { command: x, depends_on: A }\n',
      'wait for each other: A -> B -> A',
    ],
    ['services:\n  A: { command: x, depends_on: [Z] }\n', 'how to start Z is not known, and A waits for it'],
  ] as const) {
    writeFileSync(recipes, text)
    const { code, err } = await person.ports('up', '--file', 's.yaml')
    expect([code, err]).toEqual([2, expect.stringContaining(words)])
  }
  writeFileSync(recipes, `services:\n  A: { command: "echo it's", port: ${freePort()}, working_dir: gone }\n`)
  expect((await person.ports('up', '--file', 's.yaml')).out).toContain(`there is no folder ${person.home}/gone`)
  writeFileSync(recipes, `services:\n  A: { command: "echo it's", port: ${freePort()} }\n`)
  expect((await person.ports('up', '--file', 's.yaml')).out).toContain('A ended before it listened')
  writeFileSync(join(person.home, '.env'), 'A=1\nB C=2\n')
  writeFileSync(recipes, `services:\n  A: { command: x, port: ${freePort()}, env_file: .env }\n`)
  expect((await person.ports('up', '--file', 's.yaml')).out).toContain(`${person.home}/.env:2:1: 'B C' is no name`)
  expect((await person.ports('up', 'Nothing')).err).toContain('no service is called')
  expect(existsSync(file(person))).toBe(false)
})

test('what makes no sense in a recipe is told in the words of what was asked, and nothing is written', async () => {
  const person = new Person()
  await person.ports('reserve', 'A', String(freePort()))
  for (const [words, why] of [
    [['--restart', 'always'], 'A cannot be kept so: A has no command'],
    [['--command', "echo 'it"], 'the shell does not understand its command: Syntax error: Unterminated quoted string'],
    [['--command', 'if true; then'], 'the shell does not understand its command'],
    [
      ['--command', 'x', '--stop-signal', 'SIGFOO'],
      "A cannot be kept so: 'SIGFOO' is no signal to end with: write TERM, INT",
    ],
    [['--command', 'x', '--stop-timeout', '0'], "'0' is no stop_grace_period"],
    [['--command', 'x', '--start-period', '2d'], "'2d' is no start_period"],
    [['--command', 'x', '--memory', '1k'], "'1k' is no size of memory: write such as 512m or 2g, at least 1m"],
    [['--command', 'x', '--interval', '5s'], 'an interval needs a health check'],
    [['--command', 'x', '--health', 'tcp', '--interval', '0'], "'0' is no interval"],
  ] as const) {
    const { code, err } = await person.ports('edit', 'A', ...words)
    expect([code, err]).toEqual([2, expect.stringContaining(why)])
    expect(err).toContain('Nothing was changed.')
    expect(err).not.toContain('services.yaml')
  }
  expect(existsSync(file(person))).toBe(false)
})

test('a start says what of its recipe is not there any more, whose it is and how to mend it', async () => {
  const person = new Person()
  const at = (name: string): string => join(person.home, name)
  mkdirSync(at('app'))
  await person.ports('reserve', 'A', String(freePort()))
  // A folder is meant from where the person stands.
  const edited = await person.ports(
    'edit',
    'A',
    '--command',
    "echo 'it is here'; exit 3",
    '--cwd',
    'gone',
    '--env-file',
    '.env',
  )
  expect([edited.code, edited.err]).toEqual([0, expect.stringContaining(`there is no folder ${at('gone')} yet`)])
  const start = async (): Promise<string> => {
    const { code, err } = await person.ports('start', 'A')
    return `${code} ${err}`
  }
  expect(await start()).toBe(
    `2 ports: A cannot be started: there is no folder ${at('gone')}\nMake it, or say where it is now: ports edit "A" --cwd FOLDER\n`,
  )
  await person.ports('edit', 'A', '--cwd', 'app')
  expect(await start()).toContain(`2 ports: A cannot be started: there is no env file ${at('app/.env')}`)
  writeFileSync(at('app/.env'), 'A=1\n\nB="x\n')
  expect(await start()).toContain(`2 ports: ${at('app/.env')}:3:3: the " is not closed`)
  writeFileSync(at('app/.env'), '')
  const up = await person.ports('up', 'A')
  expect([up.code, up.out]).toEqual([
    1,
    expect.stringMatching(/A +failed +A ended before .*exit code 3\nA: The whole log is .*\n {2}\| it is here\n/),
  ])
  await person.ports('edit', 'A', '--health', 'http:/', '--interval', '5s')
  await person.ports('edit', 'A', '--interval', '7s')
  expect((await person.json<{ recipe: Recipe }>('edit', 'A', '--dry-run')).recipe.health).toEqual({
    kind: 'http',
    path: '/',
    every: 7,
  })
})

test('two who start the same service at the same moment start it once', async () => {
  const person = new Person()
  const port = freePort()
  await person.ports(
    'edit',
    'Twin',
    '--command',
    serverCommand('process.env.PORT', 'await Bun.sleep(300)'),
    '--port',
    String(port),
  )
  const both = await Promise.all(Array.from({ length: 4 }, () => person.json<Up>('up', 'Twin')))
  const outcomes = both.map(({ services }) => String(services[0]?.outcome)).toSorted((a, b) => a.localeCompare(b))
  expect(outcomes).toEqual(['already-running', 'already-running', 'already-running', 'started'])
})

test('wait tells when a port is listened on, free and healthy, and when it is not', async () => {
  const person = new Person()
  const port = freePort()
  const waiting = person.ports('wait', String(port))
  await Bun.sleep(200)
  const server = Bun.serve({ port, fetch: ({ url }) => new Response('', { status: url.endsWith('/bad') ? 500 : 200 }) })
  expect((await waiting).out).toMatch(new RegExp(`^${port} is listening after .*: bun`))
  expect((await person.ports('wait', String(port), '--for', 'healthy', '--path', '/')).code).toBe(0)
  const bad = await person.ports('wait', String(port), '--for', 'healthy', '--path', '/bad', '--timeout', '300ms')
  expect([bad.code, bad.out]).toEqual([1, expect.stringContaining(`${port} was not healthy within`)])
  const held = await person.ports('wait', String(port), '--for', 'free', '--timeout', '100ms')
  expect([held.code, held.out]).toEqual([1, expect.stringContaining('has it.')])
  const freed = person.ports('wait', String(port), '--for', 'free')
  await server.stop(true)
  expect((await freed).code).toBe(0)
  expect((await person.ports('wait', String(port), '--timeout', '0')).code).toBe(2)
})
