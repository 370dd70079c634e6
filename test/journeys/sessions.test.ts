import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'

interface Claims {
  claims: { name: string; service: string; port: number; id: string; standing: string }[]
}
interface Garbage {
  claims: { service: string; why: string; standing: string; used: boolean; outcome: string }[]
}

const person = new Person()
const shop = join(person.home, 'shop')
mkdirSync(join(shop, '.git'), { recursive: true })
const at = (folder: string, ...words: string[]) => person.run([binary, ...words], folder)
const withToken = (token: string, ...words: string[]) =>
  person.run(['env', `IZA_PORTS_TOKEN=${token.trim()}`, binary, ...words], person.home)

/** `ports run` in the shop with a command that says its pid and then waits. */
async function startRun(...words: string[]) {
  const command = ['sh', '-c', 'echo $$; exec sleep 600']
  const options = { cwd: shop, env: person.environment, stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' } as const
  const child = Bun.spawn([binary, 'run', '--name', 'held', ...words, '--', ...command], options)
  const { value } = await child.stdout.getReader().read()
  return Object.assign(child, { command: Number(new TextDecoder().decode(value)) })
}

test('the name of an owner releases nothing: its token or the id does', async () => {
  await at(shop, 'claim', 'db', '--owner', 'ci')
  const guessed = await at(shop, 'release', 'db', '--owner', 'ci')
  expect([guessed.code, guessed.err]).toEqual([1, expect.stringContaining('knowing that name is not enough')])
  await at(shop, 'claim', 'web')
  const other = (await at(shop, 'token')).out
  const wrong = await withToken(other, 'release', 'db', '--owner', 'ci')
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("is not that owner's")])
  const garbled = await withToken('secret', 'release', 'db', '--owner', 'ci')
  expect([garbled.code, garbled.err]).toEqual([2, expect.stringContaining('is no token')])
  expect((await withToken((await at(shop, 'token', '--owner', 'ci')).out, 'release', 'db', '--owner', 'ci')).code).toBe(
    0,
  )
})

test('a workspace releases its own claims without a word, and from elsewhere with its token', async () => {
  expect((await at(shop, 'release', 'web')).code).toBe(0)
  await at(shop, 'claim', 'web')
  const token = (await at(shop, 'token')).out
  expect((await withToken(token, 'release', 'web @ ~/shop')).code).toBe(0)
  const nobody = await at(shop, 'token', '--owner', 'nobody')
  expect([nobody.code, nobody.out]).toEqual([1, ''])
})

test('somebody else who bears the same name gets neither the port nor a say', async () => {
  const registry = `sqlite://${person.home}/shared.db`
  const mine = await at(shop, 'claim', 'db', '--owner', 'ci', '--store', registry)
  const stranger = new Person()
  const theirs = await stranger.ports('claim', 'db', '--owner', 'ci', '--store', registry)
  expect([theirs.code, theirs.out, theirs.err]).toEqual([1, '', expect.stringContaining("is not that owner's")])
  expect((await at(shop, 'claim', 'db', '--owner', 'ci', '--store', registry)).out).toBe(mine.out)
})

test('a claim is moved by its owner only', async () => {
  const port = (await at(shop, 'claim', 'moved')).out.trim()
  for (const what of [port, 'moved @ ~/shop']) {
    const refused = await at(person.home, 'move', what, '28999')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('is claimed by workspace:')])
  }
  expect((await at(shop, 'move', 'moved @ ~/shop', '28999')).code).toBe(0)
  expect((await at(shop, 'claim', 'moved')).out).toBe('28999\n')
})

test('tokens lie in our folder for this user alone, and the registry does not hold them', async () => {
  await at(shop, 'claim', 'web')
  const token = (await at(shop, 'token')).out.trim()
  const data = join(person.home, '.local/share/iza-ports')
  for (const name of readdirSync(join(data, 'tokens')))
    expect(statSync(join(data, 'tokens', name)).mode & 0o777).toBe(0o600)
  for (const name of readdirSync(data).filter((file) => file.includes('.db'))) {
    expect([name, readFileSync(join(data, name)).includes(token)]).toEqual([name, false])
  }
  expect((await at(shop, 'claims', '--json')).out).not.toContain(token)
  expect(readdirSync(shop)).toEqual(['.git'])
})

test('run holds its claim while it lives and leaves it to the workspace when it ends', async () => {
  const child = await startRun('--ttl', '6s')
  expect((await person.json<Garbage>('gc')).claims).toEqual([])
  await Bun.sleep(6_500)
  expect((await person.json<Garbage>('gc')).claims).toEqual([])
  child.kill('SIGTERM')
  expect(await child.exited).toBe(143)
  const { claims } = await person.json<Claims>('claims')
  expect(claims.filter(({ name }) => name === 'held')).toMatchObject([{ standing: 'held' }])
  expect((await person.json<Garbage>('gc')).claims).toEqual([])
}, 60_000)

test('a run that is stopped past its TTL is suspect, and takes its claim back when it goes on', async () => {
  const child = await startRun('--ttl', '2s')
  try {
    child.kill('SIGSTOP')
    const lost = async () => (await person.json<Garbage>('gc', '--yes')).claims
    while ((await lost()).length === 0) await Bun.sleep(200)
    expect(await lost()).toMatchObject([{ why: 'session-lost', standing: 'suspect', outcome: 'waits' }])
    child.kill('SIGCONT')
    const standing = async () =>
      (await person.json<Claims>('claims')).claims.find(({ name }) => name === 'held')?.standing
    while ((await standing()) !== 'held') await Bun.sleep(200)
    expect(await lost()).toEqual([])
  } finally {
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await child.exited
  }
}, 60_000)

test('a run that was killed leads to suspect, and the workspace gets its port back', async () => {
  const child = await startRun('--ttl', '2s')
  const port = (await person.json<Claims>('claims')).claims.find(({ name }) => name === 'held')?.port
  child.kill('SIGKILL')
  await child.exited
  process.kill(child.command, 'SIGKILL')
  const lost = async () => (await person.json<Garbage>('gc', '--yes')).claims
  while ((await lost()).length === 0) await Bun.sleep(200)
  expect(await lost()).toMatchObject([{ why: 'session-lost', standing: 'suspect', outcome: 'waits' }])
  expect((await person.ports('claims')).out).toContain('suspect')
  expect(Number((await at(shop, 'claim', 'held')).out)).toBe(port ?? 0)
  expect(await lost()).toEqual([])
}, 60_000)

for (const ttl of ['0s', '1s', '36500d', 'soon']) {
  test(`a session of ${ttl} is refused before anything is run`, async () => {
    const { code, out, err } = await at(shop, 'run', '--ttl', ttl, '--', 'echo', 'ran')
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(ttl === '1s' ? 'cannot live for 1 s' : ttl)])
  })
}
