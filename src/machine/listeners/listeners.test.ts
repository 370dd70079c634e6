import { expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import { compareListeners } from '../../core/listener.ts'
import type { Listener } from '../../core/listener.ts'
import { port } from '../../core/port.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { linuxMachine } from '../linux.ts'
import { bothWays, cleanUp, cleanUpAfterEach, listenOn, ownName, runProgram, until } from '../live.fixture.ts'
import { openLibc } from '../native/libc.ts'

const machine = linuxMachine()
cleanUpAfterEach()

async function on(number: PortNumber, protocol?: Protocol): Promise<Listener[]> {
  return await machine.listeners({ ports: new Set([number]), holders: 'none', ...(protocol ? { protocol } : {}) })
}

async function bindDatagrams(type: 'udp4' | 'udp6', address: string, number = 0) {
  const socket = createSocket({ type, ipv6Only: address === '::' })
  cleanUp(() => socket.close())
  await new Promise<void>((resolve) => socket.bind(number, address === '*' ? '::' : address, resolve))
  return { socket, port: port(socket.address().port) }
}

bothWays('listeners', (way) => {
  if (way === 'native') test('really goes through the C library', async () => expect(openLibc()).not.toBeNull())

  test('shows a listener that opens and no longer shows it when it closed', async () => {
    const listener = listenOn('127.0.0.1')
    const [seen, ...more] = await on(listener.port)
    expect(seen).toMatchObject({ protocol: 'tcp', family: 4, address: '127.0.0.1', uid: process.getuid?.() })
    expect(more).toEqual([])
    listener.stop()
    await until(async () => (await on(listener.port)).length === 0, 'the listener is gone')
  })

  test('tells the addresses of listeners on one port apart', async () => {
    const { port: shared } = listenOn('127.0.0.1')
    for (const address of ['127.0.0.2', '::']) listenOn(address, shared)
    expect((await on(shared)).map(({ address }) => String(address))).toEqual(['127.0.0.1', '127.0.0.2', '::'])
  })

  test.each([
    ['0.0.0.0', 4],
    ['::1', 6],
    ['*', 6],
  ] as const)('shows a lone listener on %s', async (address, family) => {
    const { port: number } = listenOn(address)
    expect(await on(number)).toMatchObject([{ address, family, protocol: 'tcp' }])
  })

  test('keeps two listeners that share one address and port as two rows', async () => {
    const { port: number } = listenOn('127.0.0.1', 0, { reusePort: true })
    listenOn('127.0.0.1', number, { reusePort: true })
    const rows = await on(number)
    expect(rows).toHaveLength(2)
    expect(new Set(rows.map(({ inode }) => inode)).size).toBe(2)
  })

  test('shows bound UDP sockets, and not those that are connected', async () => {
    const server = await bindDatagrams('udp4', '127.0.0.1')
    const client = await bindDatagrams('udp4', '127.0.0.1')
    await new Promise<void>((resolve) => client.socket.connect(server.port, '127.0.0.1', resolve))
    expect(await on(server.port)).toMatchObject([{ protocol: 'udp', family: 4, address: '127.0.0.1' }])
    expect(await on(client.port)).toEqual([])
  })

  test('tells UDP and TCP on one port apart', async () => {
    const server = await bindDatagrams('udp6', '*')
    listenOn('127.0.0.1', server.port)
    expect((await on(server.port)).map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
      'tcp 127.0.0.1',
      'udp *',
    ])
    expect(await on(server.port, 'udp')).toHaveLength(1)
  })

  test('never shows a client that is connected to the port', async () => {
    const listener = listenOn('127.0.0.1')
    const { line } = await runProgram(
      `const socket = await Bun.connect({ hostname: '127.0.0.1', port: Number(process.argv[1]), socket: { data() {} } })
       console.log(socket.localPort)`,
      String(listener.port),
    )
    expect(await on(port(Number(line)))).toEqual([])
    const [row] = await machine.listeners({ ports: new Set([listener.port]), holders: 'all' })
    expect(row?.holders.map(({ pid }) => pid)).toEqual([process.pid])
  })

  test('never takes a port for another whose number ends alike', async () => {
    const long = listenOn('127.0.0.1').port
    const short = Number(String(long).slice(1))
    expect(await on(port(short))).not.toContainEqual(expect.objectContaining({ port: long }))
  })

  test('sorts its rows', async () => {
    for (const address of ['::1', '*', '127.0.0.1']) listenOn(address)
    const rows = await machine.listeners({ holders: 'none' })
    expect(rows).toEqual(rows.toSorted(compareListeners))
  })

  test('names the user of a listener', async () => {
    const [row] = await on(listenOn('127.0.0.1').port)
    expect(row?.user).toBe(ownName())
  })
})

test('gives equal answers natively and portably', async () => {
  // A lone IPv6-only socket is left out: the text under /proc does not tell it from a dual one. So is a link-local address, whose
  // interface the text does not tell. Only our own ports are compared, because others come and go between the two looks.
  const { port: shared } = listenOn('127.0.0.1')
  const ports = new Set([shared, ...['0.0.0.0', '::1', '*', '127.0.0.2'].map((address) => listenOn(address).port)])
  listenOn('::', shared)
  for (const [type, address] of [
    ['udp4', '127.0.0.1'],
    ['udp4', '0.0.0.0'],
    ['udp6', '*'],
    ['udp6', '::1'],
  ] as const) {
    const bound = await bindDatagrams(type, address)
    ports.add(bound.port)
  }
  const look = async (native: string): Promise<Listener[]> => {
    process.env['IZA_PORTS_NATIVE'] = native
    return await machine.listeners({ ports, holders: 'all' })
  }
  const before = process.env['IZA_PORTS_NATIVE']
  cleanUp(() =>
    before === undefined ? delete process.env['IZA_PORTS_NATIVE'] : (process.env['IZA_PORTS_NATIVE'] = before),
  )
  const native = await look('1')
  expect(native).toHaveLength(10)
  expect(native.every(({ holders }) => holders.some(({ pid }) => pid === process.pid))).toBe(true)
  expect(await look('0')).toEqual(native)
})

test('tells a lone IPv6-only listener from a dual one, natively', async () => {
  const { port: number } = listenOn('::')
  expect(await on(number)).toMatchObject([{ address: '::', family: 6 }])
})
