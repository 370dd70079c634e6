import { expect, test } from 'bun:test'
import type { Who } from '../../src/operations/who.ts'
import { Person, binary } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person()

/** A server of its own process on the port; ended by the caller. */
async function serve(port: number): Promise<Bun.Subprocess> {
  const program = `Bun.listen({ hostname: '127.0.0.1', port: ${port}, socket: { data() {} } }); console.log('up')`
  const child = Bun.spawn([process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await child.stdout.getReader().read()
  return child
}

async function end(child: Bun.Subprocess): Promise<void> {
  child.kill('SIGKILL')
  await child.exited
}

/** `ports watch` as it runs, with what it wrote so far. */
function watch(...words: string[]) {
  const child = Bun.spawn([binary, 'watch', ...words], {
    env: person.environment,
    cwd: person.home,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told = { out: '', child }
  void (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) told.out += decoder.decode(chunk, { stream: true })
  })()
  return told
}

async function until(look: () => unknown, what: string): Promise<void> {
  for (const deadline = performance.now() + 30_000; !(await look());) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await Bun.sleep(50)
  }
}

const hasBegun = async (): Promise<boolean> => (await person.json<{ since: unknown }>('history')).since !== null

test('without a terminal, watch tells what happens as lines, ends when it is interrupted, and history remembers', async () => {
  const port = freePort()
  await person.ports('reserve', 'Shop', String(port))
  const [lines, json] = [watch(), watch('--json')]
  await until(hasBegun, 'the watch has begun')
  const events = () =>
    json.out
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as { kind: string; port: number; holders?: { pid: number }[] })
      .filter((event) => event.port === port)
  // A watch may begin after the other one: both are known to look once they tell of something.
  let server = await serve(port)
  await until(
    () => lines.out.includes(`opened ${port}/tcp`) && events().some(({ kind }) => kind === 'opened'),
    'it opened',
  )
  expect(
    events()
      .find(({ kind }) => kind === 'opened')
      ?.holders?.map(({ pid }) => pid),
  ).toEqual([server.pid])
  await until(() => events().some(({ kind }) => kind === 'verdict'), 'the verdict changed')
  await end(server)
  await until(
    () => lines.out.includes(`closed ${port}/tcp`) && events().some(({ kind }) => kind === 'closed'),
    'it closed',
  )
  expect(lines.out).toMatch(new RegExp(`opened ${port}/tcp 127\\.0\\.0\\.1 by .*\\(${server.pid}\\)`))
  const first = server.pid
  server = await serve(port)
  await until(() => lines.out.split(`opened ${port}/tcp`).length > 2, 'it opened again')
  for (const one of [lines, json]) one.child.kill('SIGINT')
  expect(await Promise.all([lines.child.exited, json.child.exited])).toEqual([0, 0])
  await end(server)

  const { owners, verdicts } = await person.json<{
    owners: { pid: number; until: string | null; seenToBegin: boolean }[]
    verdicts: { service: string; to: string }[]
  }>('history', String(port))
  // Two watched, and each owner stands there once.
  expect(owners.map(({ pid, seenToBegin }) => [pid, seenToBegin])).toEqual([
    [first, true],
    [server.pid, true],
  ])
  expect(owners[0]?.until).not.toBeNull()
  const [story] = (await person.json<Who>('who', String(port))).ports
  expect(story?.lastOwners.map(({ pid }) => pid)).toEqual([server.pid, first])
  // The second one has ended since, which nobody saw: it is not said to be there.
  expect((await person.ports('who', String(port))).out).toMatch(
    new RegExp(`Last owners\\n.* not seen to end .*\\(${server.pid}\\)\\n.* \\(.*s\\) .*\\(${first}\\)\\n`),
  )
  expect(verdicts.slice(0, 2).map(({ service, to }) => [service, to])).toEqual([
    ['Shop', 'unverified'],
    ['Shop', 'reserved'],
  ])
  const { out } = await person.ports('history', String(port))
  expect(out).toContain(`(${first})`)
  const today = await person.json<{ owners: unknown[] }>('history', String(port), '--at', 'today')
  expect(today.owners).toHaveLength(2)
  const yesterday = await person.json<{ owners: unknown[]; at: unknown }>('history', String(port), '--at', 'yesterday')
  expect(yesterday).toMatchObject({ owners: [], at: { watched: 'none' } })
})

test('what was watched survives a kill -9 of the watch', async () => {
  const port = freePort()
  const { since } = await person.json<{ since: string }>('history')
  expect(since).not.toBeNull()
  const told = watch()
  const server = await serve(port)
  const known = async () => (await person.json<{ owners: { pid: number }[] }>('history', String(port))).owners
  await until(async () => (await known()).length > 0, 'it is written down')
  await end(told.child)
  expect((await known()).map(({ pid }) => pid)).toEqual([server.pid])
  await end(server)
})

/** Something to tell of, again and again, until the work is over. */
async function openUntil(work: Promise<unknown>, servers: Bun.Subprocess[]): Promise<void> {
  const over = Symbol('over')
  const ending = work.then(() => over)
  while ((await Promise.race([ending, Bun.sleep(300)])) !== over) servers.push(await serve(freePort()))
}

test('watch ends quietly when its reader has gone', async () => {
  const piped = person.run(['sh', '-c', `"${binary}" watch | head -n 1`])
  const servers: Bun.Subprocess[] = []
  const ended = await Promise.all([piped, openUntil(piped, servers)])
  const [{ out, err }] = ended
  for (const server of servers) await end(server)
  expect(out.split('\n')).toHaveLength(2)
  expect(err).toBe('')
})

test('watch and history refuse what they cannot do, and say what to write instead', async () => {
  expect(await person.ports('history', '--at', 'noon')).toMatchObject({
    code: 2,
    err: expect.stringContaining('14:05'),
  })
  expect(await person.ports('history', '70000')).toMatchObject({ code: 2 })
  expect(await person.ports('watch', '--every', '0')).toMatchObject({ code: 2 })
  const stranger = new Person()
  expect((await stranger.ports('history', '3000')).out).toContain('ports watch')
})

test('watch for a time ends by itself', async () => {
  expect(await person.ports('watch', '--for', '0')).toMatchObject({ code: 0, err: '' })
})
