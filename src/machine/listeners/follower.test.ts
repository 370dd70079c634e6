import { expect, test } from 'bun:test'
import type { Listener } from '../../core/listener.ts'
import type { ListenerFollower } from '../../operations/world.ts'
import { linuxMachine } from '../linux.ts'
import { bothWays, cleanUp, cleanUpAfterEach, listenOn, run, runProgram, until } from '../live.fixture.ts'
import { openLibc } from '../native/libc.ts'
import { readStat } from '../processes/stat.ts'
import { walkSockets } from './descriptors.ts'
import type { SocketWalk } from './descriptors.ts'
import { followListeners } from './follower.ts'
import { KnownProcesses } from './known-processes.ts'

cleanUpAfterEach()

function follow(walk?: SocketWalk): ListenerFollower {
  const follower = followListeners(openLibc(), walk)
  cleanUp(() => follower.close())
  return follower
}

async function on(follower: ListenerFollower, port: number): Promise<Listener[]> {
  return (await follower.look()).filter((listener) => listener.port === port)
}

const server = `const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }); console.log(server.port)`

bothWays('following the listeners', () => {
  test('gives the very same list while nothing changes', async () => {
    const { port } = listenOn('127.0.0.1')
    const follower = follow()
    // Programs of other tests come and go: of many looks at once, two see the same.
    await until(async () => (await follower.look()) === (await follower.look()), 'two looks see the same')
    expect(await on(follower, port)).toMatchObject([{ holders: [{ pid: process.pid }] }])
  })

  test('names the holder of a server that was started meanwhile, and forgets it when it has ended', async () => {
    const follower = follow()
    await follower.look()
    const { child, line } = await runProgram(server)
    expect(await on(follower, Number(line))).toMatchObject([{ holders: [{ pid: child.pid }] }])
    child.kill('SIGKILL')
    await child.exited
    expect(await on(follower, Number(line))).toEqual([])
  })

  test('names the holder of another socket that an old process opens', async () => {
    const follower = follow()
    await follower.look()
    const { port } = listenOn('127.0.0.1')
    expect(await on(follower, port)).toMatchObject([{ holders: [{ pid: process.pid }] }])
  })

  test('names a parent and a child that came together', async () => {
    const follower = follow()
    await follower.look()
    const { child, line } = await runProgram(
      `const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
       const heir = Bun.spawn(['sleep', '60'], { stdio: ['ignore', 'ignore', 'ignore', Reflect.get(server, 'fd')] })
       console.log(server.port + ' ' + heir.pid)`,
    )
    const [port = 0, heir = 0] = line.split(' ').map(Number)
    cleanUp(() => process.kill(heir, 'SIGKILL'))
    const [seen] = await on(follower, port)
    expect(seen?.holders.map(({ pid }) => pid)).toEqual([child.pid, heir])
    child.kill('SIGKILL')
    await child.exited
    expect((await on(follower, port))[0]?.holders.map(({ pid }) => pid)).toEqual([heir])
  })

  test('finds who inherited a socket after it was looked at, once the holder has ended', async () => {
    const { child, line } = await runProgram(
      `const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
       process.on('SIGUSR2', () => {
         Bun.spawn(['sleep', '60'], { stdio: ['ignore', 'ignore', 'ignore', Reflect.get(server, 'fd')] }).unref()
         process.exit()
       })
       console.log(server.port)`,
    )
    const follower = follow()
    expect(await on(follower, Number(line))).toMatchObject([{ holders: [{ pid: child.pid }] }])
    child.kill('SIGUSR2')
    await child.exited
    const [seen] = await on(follower, Number(line))
    const [heir] = seen?.holders ?? []
    expect(heir).toMatchObject({ name: 'sleep' })
    if (heir) process.kill(heir.pid, 'SIGKILL')
  })
})

test('looks for a hidden holder once, and not again', async () => {
  let walked = 0
  const hidden: SocketWalk = (pid, found) => {
    walked++
    if (pid !== process.pid) walkSockets(pid, found)
  }
  const follower = follow(hidden)
  await follower.look()
  const { port } = listenOn('127.0.0.1')
  expect(await on(follower, port)).toMatchObject([{ holders: [] }])
  const before = walked
  for (let look = 0; look < 20; look++) expect(await on(follower, port)).toMatchObject([{ holders: [] }])
  // Other tests may open sockets meanwhile, for which a few new processes are looked at; never all of them, twenty times.
  expect(walked - before).toBeLessThan(before * 5)
})

test('says the same as a full look', async () => {
  const machine = linuxMachine()
  const follower = machine.follow()
  cleanUp(() => follower.close())
  const ports = new Set(['127.0.0.1', '::1', '*', '0.0.0.0'].map((address) => listenOn(address).port))
  await follower.look()
  for (const address of ['127.0.0.1', '::1']) ports.add(listenOn(address).port)
  const seen = (await follower.look()).filter(({ port }) => ports.has(port))
  expect(seen).toEqual(await machine.listeners({ ports, holders: 'all' }))
})

/** In a namespace of our own nobody else may be there. */
function beAmongMany(): void {
  for (let count = 0; count < 10; count++) run(['sleep', '60'])
}

test('looks at few processes for one new server, whatever is there', async () => {
  beAmongMany()
  let walked = new Set<number>()
  const follower = follow((pid, found) => {
    walked.add(pid)
    walkSockets(pid, found)
  })
  await follower.look()
  const all = walked.size
  // A socket of another test that is gone before its holder was found has everybody looked at: then the next server tells.
  await until(async () => {
    const { child, line } = await runProgram(server)
    walked = new Set()
    expect(await on(follower, Number(line))).toMatchObject([{ holders: [{ pid: child.pid }] }])
    return walked.size < all / 2
  }, 'one new server was found among few')
})

test('orders processes by when they were started, never by pid', () => {
  beAmongMany()
  const known = new KnownProcesses()
  const unseen = known.refresh()
  expect(unseen.length).toBeGreaterThan(3)
  expect(known.all()).toEqual(unseen)
  const starts = unseen.flatMap((pid) => readStat(pid)?.start ?? [])
  expect(starts).toEqual(starts.toSorted((a, b) => b - a))
  const { pid } = run(['sleep', '60'])
  expect(known.refresh()).toContain(pid)
  expect(known.refresh()).not.toContain(pid)
})
