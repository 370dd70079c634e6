import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Board } from '../../src/operations/board.ts'
import type { Who } from '../../src/operations/who.ts'
import { until } from '../compose/engine.fixture.ts'
import { binary, Person } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person({
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'x',
  GIT_AUTHOR_EMAIL: 'x@example.com',
  GIT_COMMITTER_NAME: 'x',
  GIT_COMMITTER_EMAIL: 'x@example.com',
})
const children: Bun.Subprocess[] = []
afterAll(async () => {
  for (const child of children) {
    child.kill('SIGKILL')
    await child.exited
  }
})

/** A Bun program in a folder, killed when the tests are over. */
function begin(program: string, cwd = person.home, ...words: string[]): Bun.Subprocess {
  const child = Bun.spawn([process.execPath, '-e', program, ...words], { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  return child
}

const listen = (port: number, hostname: string): string =>
  `Bun.listen({ hostname: '${hostname}', port: ${port}, ipv6Only: ${hostname === '::'}, socket: { data() {} } });`
const told = async (port: number, who = person) => (await who.json<Who>('who', String(port))).ports[0]
const holds = async (port: number, count = 1) =>
  await until(async () => (await told(port))?.listeners.length === count, `${port} is listened on`)

test('a server in a worktree is told with its project, its branch, the main checkout and what started it', async () => {
  const [shop, tree, port] = [join(person.home, 'shop'), join(person.home, 'cart'), freePort()]
  mkdirSync(shop)
  writeFileSync(join(shop, 'package.json'), '{"name": "@shop/web"}')
  for (const words of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    ['commit', '-qm', 'x'],
    ['worktree', 'add', '-q', '-b', 'cart', tree],
  ]) {
    const { code, err } = await person.run(['git', ...words], shop)
    expect([code, code && err]).toEqual([0, 0])
  }
  mkdirSync(join(tree, 'node_modules/.bin'), { recursive: true })
  writeFileSync(join(tree, 'node_modules/.bin/vite'), listen(port, '127.0.0.1'))
  const shell = Bun.spawn(['sh', '-c', `"${process.execPath}" node_modules/.bin/vite; true`], {
    cwd: tree,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(shell)
  await holds(port)
  const [holder] = (await told(port))?.holders ?? []
  if (holder) children.push({ kill: () => process.kill(holder.pid, 'SIGKILL'), exited: Promise.resolve(0) } as never)
  expect(holder).toMatchObject({
    cwd: tree,
    project: { name: '@shop/web', file: join(tree, 'package.json') },
    checkout: { root: tree, branch: 'cart', worktreeOf: shop },
    framework: 'Vite',
    name: 'vite',
    orphan: false,
  })
  expect(holder?.causes.at(-1)).toMatchObject({ kind: 'shell', pid: shell.pid })
  expect(holder?.memoryBytes).toBeGreaterThan(2 ** 20)
  const { out } = await person.ports('who', String(port))
  expect(out).toContain(`project @shop/web, branch cart, worktree of ${shop}`)
  expect(out).toMatch(/what +Vite\n/)
})

test('an IPv6-only server beside an IPv4 one on the same number is a split localhost', async () => {
  const port = freePort()
  begin(`${listen(port, '0.0.0.0')} setInterval(() => {}, 1e6)`)
  const six = begin(`${listen(port, '::')} setInterval(() => {}, 1e6)`)
  await holds(port, 2)
  const story = await told(port)
  expect(story?.listeners.map(({ family, v6only }) => [family, v6only])).toEqual([
    [4, false],
    [6, true],
  ])
  expect(story?.listeners[1]?.holders[0]?.pid).toBe(six.pid)
  expect(story?.localhost).toBe('split')
  const { out } = await person.ports('who', String(port))
  expect(out).toContain('localhost is two servers')
  expect(out).toContain('IPv6 only')
})

test('a socket that an orphan inherited is told as such', async () => {
  const orphan = `setInterval(() => {}, 1e6)`
  const parent = Bun.spawn(
    [
      process.execPath,
      '-e',
      `const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
       const stdio = ['ignore', 'ignore', 'ignore', Reflect.get(server, 'fd')]
       const child = Bun.spawn([process.execPath, '-e', ${JSON.stringify(orphan)}], { stdio })
       await Bun.write(Bun.stdout, JSON.stringify([server.port, child.pid]))
       process.kill(process.pid, 'SIGKILL')`,
    ],
    // A session of its own, as that of whoever opens a terminal: where the session is pid 1's own and so is the group, nobody could tell.
    { cwd: person.home, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  )
  const [port, pid] = JSON.parse(await parent.stdout.text()) as [number, number]
  try {
    await parent.exited
    const story = await told(port)
    expect(story?.holders).toMatchObject([{ pid, orphan: true }])
    expect((await person.ports('who', String(port))).out).toContain('whoever started it has ended')
  } finally {
    process.kill(pid, 'SIGKILL')
  }
})

test('who is connected is told by process, and sockets that share an endpoint are counted', async () => {
  const port = freePort()
  const share = `Bun.listen({ hostname: '127.0.0.1', port: ${port}, reusePort: true, exclusive: false, socket: { data() {} } }); setInterval(() => {}, 1e6)`
  begin(share)
  begin(share)
  await holds(port, 2)
  const client = begin(
    `for (let i = 0; i < 3; i++) await Bun.connect({ hostname: '127.0.0.1', port: ${port}, socket: { data() {} } })`,
  )
  await until(async () => (await told(port))?.clients[0]?.connections === 3, 'all are connected')
  const story = await told(port)
  expect(story?.clients).toMatchObject([{ pid: client.pid, address: '127.0.0.1', connections: 3 }])
  expect(story?.listeners.map(({ shared }) => shared)).toEqual([2, 2])
  expect((await person.ports('who', String(port))).out).toContain('this machine only, shared by 2')
})

test('a command line with newlines, escapes, broken UTF-8 and 100 KB fits one screen and steers no terminal', async () => {
  const port = freePort()
  const long = 'x'.repeat(100_000)
  const python = `import os,sys; os.execv(sys.argv[1], [b'bun', b'-e', sys.argv[2].encode(), b'a\\nb\\x1b]0;owned\\x07\\xff\\xfe\\xc2\\x9b31m', sys.argv[3].encode()])`
  const child = Bun.spawn(
    ['python3', '-c', python, process.execPath, `${listen(port, '127.0.0.1')} setInterval(() => {}, 1e6)`, long],
    { cwd: person.home, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  children.push(child)
  await holds(port)
  const { out } = await person.ports('who', String(port))
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(out.length).toBeLessThan(4000)
  expect((await person.ports('who', String(port), '--json')).out).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
  )
})

test('a project file that is a pipe keeps nobody waiting', async () => {
  const [folder, port] = [join(person.home, 'trap'), freePort()]
  mkdirSync(folder)
  for (const name of ['package.json', '.git']) expect((await person.run(['mkfifo', join(folder, name)])).code).toBe(0)
  begin(`${listen(port, '127.0.0.1')} setInterval(() => {}, 1e6)`, folder)
  await holds(port)
  expect((await told(port))?.holders[0]).toMatchObject({ cwd: folder, project: { name: 'trap' }, checkout: null })
})

const isRoot = process.getuid?.() === 0
const needsRoot = isRoot ? '' : ' (skipped: only root can become somebody else)'

test.skipIf(!isRoot)(
  `an unprivileged user sees root's listener without its process, and is told once what sudo adds${needsRoot}`,
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'iza-ports-nobody-'))
    try {
      // The program and the home have to be where nobody may go.
      const copy = join(home, 'ports')
      await Bun.write(copy, Bun.file(binary))
      const as = async (...words: string[]) =>
        await person.run(
          [
            'setpriv',
            '--reuid=65534',
            '--regid=65534',
            '--clear-groups',
            'env',
            `IZA_PORTS_HOME=${home}/data`,
            copy,
            ...words,
          ],
          '/',
        )
      expect((await person.run(['chmod', '-R', '777', home])).code).toBe(0)
      const port = freePort()
      begin(`${listen(port, '127.0.0.1')} setInterval(() => {}, 1e6)`)
      await holds(port)
      const { out } = await as('who', String(port))
      expect(out).toContain('a process of root, not visible to you')
      expect(out).toContain(`sudo ports who ${port}`)
      const board = await as()
      expect(board.out.match(/sudo ports shows their processes/g)).toHaveLength(1)
      const { strays, hidden } = JSON.parse((await as('status', '--json')).out) as Board
      expect(strays.find((stray) => stray.port === port)).toMatchObject({ user: 'root', holders: [] })
      expect(hidden).toBeGreaterThan(0)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
)

const hides = isRoot && Bun.which('unshare') !== null
const needsHiding = hides ? '' : ' (skipped: needs root and unshare)'

test.skipIf(!hides)(
  `where /proc hides the processes of others (hidepid), their listeners are told all the same${needsHiding}`,
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'iza-ports-hidden-'))
    try {
      const copy = join(home, 'ports')
      await Bun.write(copy, Bun.file(binary))
      expect((await person.run(['chmod', '-R', '777', home])).code).toBe(0)
      const port = freePort()
      begin(`${listen(port, '127.0.0.1')} setInterval(() => {}, 1e6)`)
      await holds(port)
      const there = `mount -t proc -o hidepid=2 proc /proc && [ -d /proc/1 ] && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"`
      const as = async (...words: string[]) =>
        await person.run(
          ['unshare', '-m', 'sh', '-c', there, 'sh', 'env', `IZA_PORTS_HOME=${home}/data`, ...words],
          '/',
        )
      // It really is hidden.
      expect((await as('test', '-d', '/proc/1')).code).toBe(1)
      const { out, err, code } = await as(copy, 'who', String(port))
      expect([err, code]).toEqual(['', 0])
      expect(out).toContain('a process of root, not visible to you')
      expect(out).toContain(`sudo ports who ${port}`)
      expect((await as(copy)).out.match(/sudo ports shows their processes/g)).toHaveLength(1)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
)

test('holders that come and go while they are looked at keep nobody from an answer', async () => {
  const port = freePort()
  const server = begin(
    `const server = Bun.listen({ hostname: '127.0.0.1', port: ${port}, socket: { data() {} } })
     for (;;) await Promise.all(Array.from({ length: 4 }, (_, index) =>
       Bun.spawn(['sleep', '0.0' + index], { stdio: ['ignore', 'ignore', 'ignore', Reflect.get(server, 'fd')] }).exited))`,
  )
  await until(async () => (await told(port))?.holders.some(({ pid }) => pid === server.pid) === true, 'it listens')
  let passing = 0
  for (let look = 0; look < 8; look++) {
    const { out, err, code } = await person.ports('who', String(port), '--json')
    expect([err, code]).toEqual(['', 0])
    const holders = (JSON.parse(out) as Who).ports[0]?.holders ?? []
    expect(holders.map(({ pid }) => pid)).toContain(server.pid)
    if (holders.length > 1) passing++
  }
  expect(passing).toBeGreaterThan(0)
  const looks = Array.from({ length: 4 }, async () => await person.ports('who', String(port)))
  server.kill('SIGKILL')
  for (const { err, code } of await Promise.all(looks)) expect([err, code]).toEqual(['', 0])
})

test('an engine that hangs leaves the answer whole, and one line says so', async () => {
  const [socket, port] = [join(person.home, 'engine.sock'), freePort()]
  const engine = Bun.listen({ unix: socket, socket: { data() {} } })
  try {
    begin(`${listen(port, '127.0.0.1')} setInterval(() => {}, 1e6)`)
    await holds(port)
    person.environment['DOCKER_HOST'] = `unix://${socket}`
    await person.ports('reserve', 'Unheard', String(freePort()))
    const { out, code } = await person.ports('who', String(port))
    expect(code).toBe(0)
    expect(out).toContain(`The container engine at ${socket} gave no answer within half a second`)
    expect(out).toContain('Held by')
    expect((await person.ports()).out.match(/gave no answer within half a second/g)).toHaveLength(1)
  } finally {
    delete person.environment['DOCKER_HOST']
    engine.stop(true)
  }
})
