import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary, seed } from '../ports.fixture.ts'

interface Claims {
  claims: { name: string; service: string; port: number; id: string; here: boolean; expires: string | null }[]
}

const person = new Person()
const git = async (folder: string, ...words: string[]): Promise<void> => {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org']
  expect((await person.run(['git', ...who, ...words], folder)).code).toBe(0)
}
const shop = join(person.home, 'shop')
mkdirSync(shop)
const at = (folder: string, ...words: string[]) => person.run([binary, ...words], folder)

test('claim prints one number, the same one every time, from anywhere in the workspace', async () => {
  await git(shop, 'init', '-q')
  await git(shop, 'commit', '-q', '--allow-empty', '-m', 'first')
  mkdirSync(join(shop, 'deep/down'), { recursive: true })
  const first = await at(shop, 'claim', 'web')
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toMatch(/^2\d{4}\n$/)
  expect((await at(join(shop, 'deep/down'), 'claim', 'web')).out).toBe(first.out)
})

test('five worktrees of one repository get five sets, and none of their ports twice', async () => {
  const sets: string[] = []
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    const folder = join(person.home, name)
    await git(shop, 'worktree', 'add', '-q', '-b', name, folder)
    sets.push((await at(folder, 'claim', 'web', 'api', 'db', '--format', 'dotenv')).out)
  }
  for (const set of sets) expect(set).toMatch(/^WEB_PORT=\d+\nAPI_PORT=\d+\nDB_PORT=\d+\n$/)
  const ports = sets.join('').match(/\d+/g) ?? []
  expect([ports.length, new Set(ports).size]).toEqual([15, 15])
  expect((await person.json<Claims>('claims')).claims).toHaveLength(16)
})

test('a set is claimed all or nothing', async () => {
  await at(shop, 'range', 'add', 'Tiny', '21000', '21001')
  const { code, err } = await at(join(person.home, 'one'), 'claim', 'x', 'y', 'z', '--range', 'Tiny')
  expect([code, err]).toEqual([1, expect.stringContaining('no port is left in Tiny')])
  expect((await person.json<Claims>('claims')).claims.some(({ name }) => name === 'x')).toBe(false)
})

test('a document moves and releases the claims of the workspace that it is imported from, and nobody else’s', async () => {
  const [folder, other] = [join(person.home, 'mine'), join(person.home, 'elsewhere')]
  for (const each of [folder, other]) mkdirSync(join(each, '.git'), { recursive: true })
  const claimed = (await at(folder, 'claim', 'web')).out.trim()
  const table = join(person.home, 'table.md')
  writeFileSync(table, '| Service | Port |\n| --- | --- |\n| web @ ~/mine | 28123 |\n| Other | 28124 |\n')
  const refused = await at(other, 'import', table)
  expect([refused.code, refused.out + refused.err]).toEqual([
    1,
    expect.stringContaining(`it has the claim ${claimed}/tcp of workspace:${folder}, which only its owner changes`),
  ])
  expect((await at(folder, 'claim', 'web')).out.trim()).toBe(claimed)
  expect((await person.ports('list')).out).toMatch(/28124\/tcp +Other/)
  expect((await at(folder, 'import', table)).code).toBe(0)
  expect((await person.ports('list')).out).toMatch(/28123\/tcp +web @ ~\/mine/)
})

test('a claim is released from its own workspace or by its id, not by its name from elsewhere', async () => {
  const { claims } = await person.json<Claims>('claims')
  const mine = claims.find(({ service }) => service === 'web @ ~/two')
  const refused = await at(shop, 'release', 'web @ ~/two')
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('web @ ~/two is claimed by workspace:')])
  expect((await at(shop, 'release', String(mine?.port))).code).toBe(1)
  expect((await at(join(person.home, 'two'), 'release', 'web')).code).toBe(0)
  const other = claims.find(({ service }) => service === 'web @ ~/three')
  expect((await at(shop, 'release', '--id', other?.id ?? '')).code).toBe(0)
  expect((await person.json<Claims>('claims')).claims).toHaveLength(14)
})

test('env keeps a block of a file up to date and tells of ports that a copied file brought along', async () => {
  const five = join(person.home, 'five')
  const main = (await at(shop, 'claim', 'web')).out.trim()
  writeFileSync(join(five, '.env.local'), `SECRET=x\nPORT=${main}\n`)
  const { out } = await at(five, 'env', '--write', '.env.local')
  expect(out).toContain(`Line 2: PORT=${main} is the port of web @ ~/shop.`)
  const text = readFileSync(join(five, '.env.local'), 'utf8')
  expect(text).toMatch(
    /^SECRET=x\nPORT=\d+\n# ports: begin .*\nAPI_PORT=\d+\nDB_PORT=\d+\nWEB_PORT=\d+\n# ports: end\n$|^SECRET=x\nPORT=\d+\n# ports: begin/,
  )
  expect((await at(five, 'env', '--write', '.env.local')).out).toContain('held already 3 ports')
  expect(readFileSync(join(five, '.env.local'), 'utf8')).toBe(text)
})

test('a range, a preferred port and a time are honoured', async () => {
  await person.ports('import', seed)
  const inRange = Number((await at(shop, 'claim', 'cache', '--range', 'Database Services')).out)
  expect(inRange >= 5000 && inRange <= 5099).toBe(true)
  const preferred = (await at(shop, 'claim', 'mail', '--prefer', '1025')).out
  expect(preferred).toBe('1025\n')
  await at(shop, 'claim', 'soon', '--ttl', '2h')
  const { claims } = await person.json<Claims>('claims')
  const left = Date.parse(claims.find(({ name }) => name === 'soon')?.expires ?? '') - Date.now()
  expect(left > 7_000_000 && left <= 7_200_000).toBe(true)
})

test('a port that somebody listens on is not handed out', async () => {
  const other = new Person()
  const folder = join(other.home, 'w')
  mkdirSync(folder)
  const first = Number((await other.run([binary, 'claim', 'web'], folder)).out)
  await other.run([binary, 'release', 'web'], folder)
  const server = Bun.serve({ port: first, hostname: '127.0.0.1', fetch: () => new Response() })
  const second = Number((await other.run([binary, 'claim', 'web'], folder)).out)
  await server.stop(true)
  expect(second).not.toBe(first)
  await other.run([binary, 'release', 'web'], folder)
  expect(Number((await other.run([binary, 'claim', 'web'], folder)).out)).toBe(first)
})

test('sixteen processes that claim at the same moment get sixteen ports, and two that claim the same get one', async () => {
  const names = Array.from({ length: 16 }, (_, index) => `racer${index % 8}`)
  const results = await Promise.all(names.map((name) => at(shop, 'claim', name)))
  expect(results.map(({ code }) => code)).toEqual(names.map(() => 0))
  const ports = results.map(({ out }) => out)
  expect(new Set(ports).size).toBe(8)
  expect(ports.slice(0, 8)).toEqual(ports.slice(8))
})

test('a full range says how full it is, which claims look stale, and what to do', async () => {
  await at(shop, 'range', 'add', 'Two', '21010', '21011')
  const old = join(person.home, 'old')
  mkdirSync(old)
  expect((await at(old, 'claim', 'a', '--range', 'Two')).code).toBe(0)
  expect((await at(shop, 'claim', 'b', '--range', 'Two')).code).toBe(0)
  const wanted = await at(shop, 'claim', 'c', '--range', 'Two')
  expect([wanted.code, wanted.err]).toEqual([
    1,
    "ports: no port is left in Two: 2 ports: 2 allocated\nWiden the range with 'ports range edit', or release what is not used: 'ports claims' and 'ports list' show it.\n",
  ])
  rmdirSync(old)
  const stale = await at(shop, 'claim', 'c', '--range', 'Two')
  expect(stale.err).toContain(
    "Nobody seems to want a @ ~/old any more: 'ports gc' shows why, and 'ports release --id ID' is for what you know yourself.",
  )
  const unwanted = (await person.json<Claims>('claims')).claims.find(({ service }) => service === 'a @ ~/old')
  expect((await person.ports('release', '--id', unwanted?.id ?? '')).code).toBe(0)
  expect((await at(shop, 'claim', 'c', '--range', 'Two')).code).toBe(0)
  const set = await at(shop, 'claim', 'd', 'e', '--range', 'Two')
  expect([set.code, set.out]).toEqual([1, ''])
})

test('explain gives the reason of each port that was passed over, as comments before the answer', async () => {
  await at(shop, 'range', 'add', 'Explained', '5431', '5434')
  await at(shop, 'reserve', 'Mine', '5433')
  const { out } = await at(shop, 'claim', 'explained', '--range', 'Explained', '--explain')
  expect(out).toMatch(/^# 5431: static-band\n# 5432: famous \(PostgreSQL\)\n# 5433: allocated \(Mine\)\n5434\n$/)
})

test('a set is printed for dotenv, shells and programs', async () => {
  const set = async (format: string): Promise<string> =>
    (await at(shop, 'claim', 'one', 'two-b', '--format', format)).out
  const [one, two] = (await set('port')).trim().split('\n')
  expect(await set('dotenv')).toBe(`ONE_PORT=${one}\nTWO_B_PORT=${two}\n`)
  expect(await set('env')).toBe(await set('dotenv'))
  expect(await set('shell')).toBe(`export ONE_PORT=${one}\nexport TWO_B_PORT=${two}\n`)
  expect(JSON.parse(await set('json'))).toEqual({ one: Number(one), 'two-b': Number(two) })
  // UDP is another port space: the same name may have both.
  const udp = await at(shop, 'claim', 'one', '--protocol', 'udp', '--prefer', one ?? '')
  expect([udp.code, udp.out]).toEqual([0, `${one}\n`])
  expect((await at(shop, 'release', one ?? '', '--protocol', 'udp')).code).toBe(0)
  const gone = await at(shop, 'release', one ?? '', '--protocol', 'udp')
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining(`${one}/udp belongs to no service`)])
})

for (const [words, message] of [
  [['claim', 'web', '--protocol', 'sctp'], 'protocol'],
  [['claim', 'web', '--format', 'xml'], 'format'],
  [['claim', 'web', '--scope', 'world'], 'scope'],
  [['claim', 'web', '--store', 'etcd://'], 'does not name a registry store'],
  [['claim', 'web', '--store', 'etcd://a:2379'], 'a prefix for the keys is missing'],
  [['claim', 'web', '--range', 'Nowhere'], "no range is called 'Nowhere'"],
  [['claim', 'web', '--ttl', '0s'], 'is no span of time'],
  [['claim', 'web', '--ttl', '100000d'], 'is no span of time'],
  [['claim', 'web', '--owner', 'a\u001bb'], 'cannot name an owner'],
  [['claim', ''], 'cannot name a service'],
  [['claim'], 'missing required argument'],
  [['claim', 'web', '--prefer', '70000'], 'is not a port'],
  [['release'], 'a port, a name or --id is needed'],
] as const) {
  test(`${JSON.stringify(words)} is refused`, async () => {
    const { code, out, err } = await at(shop, ...words)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(message)])
  })
}

test('run claims the port of the workspace, sets PORT and passes the exit code on', async () => {
  const port = (await at(shop, 'claim', 'web')).out.trim()
  const { code, out } = await at(shop, 'run', '--', 'sh', '-c', 'echo $PORT {port} $IZA_PORTS_SERVICE; exit 7')
  expect([code, out]).toEqual([7, `${port} ${port} web @ ~/shop\n`])
  expect((await at(shop, 'run', '--', 'sh', '-c', 'kill -9 $$')).code).toBe(137)
  const missing = await at(shop, 'run', '--', 'no-such-program-here')
  expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('there is no program no-such-program-here')])
  expect((await at(shop, 'run', '--name', 'api', '--', 'sh', '-c', 'echo --help')).out).toBe('--help\n')
})

test('a signal that only run got reaches the command', async () => {
  const child = Bun.spawn(
    [binary, 'run', '--', 'sh', '-c', 'trap "echo ended; exit 5" TERM; echo ready; while :; do sleep 0.05; done'],
    {
      cwd: shop,
      env: person.environment,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'ignore',
    },
  )
  const reader = child.stdout.getReader()
  const decoder = new TextDecoder()
  let said = ''
  for (;;) {
    const { value, done } = await reader.read()
    said += decoder.decode(value)
    if (done) break
    if (said === 'ready\n') process.kill(child.pid, 'SIGTERM')
  }
  expect([said, await child.exited]).toEqual(['ready\nended\n', 5])
})

test('gc shows the claims of workspaces that are gone, and frees nothing that it saw once only or that somebody listens on', async () => {
  const gone = join(person.home, 'gone')
  mkdirSync(gone)
  const port = Number((await at(gone, 'claim', 'web')).out)
  expect((await person.ports('gc')).out).not.toContain('gone')
  rmdirSync(gone)
  const server = Bun.serve({ port, fetch: () => new Response() })
  const used = `${port}  web @ ~/gone: its workspace is gone; somebody is there, so it stays\n`
  expect((await person.ports('gc')).out).toContain(used)
  await server.stop(true)
  const once = `${port}  web @ ~/gone: its workspace is gone; seen unused 1 of 3 times\n`
  expect((await person.ports('gc', '--yes')).out).toContain(once)
  expect((await person.ports('gc', '--yes')).out).toContain(once)
  expect((await person.json<Claims>('claims')).claims.some(({ service }) => service === 'web @ ~/gone')).toBe(true)
})
