import { expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import { overlaps, parseAddress, anyIPv6 } from '../core/address.ts'
import type { Address } from '../core/address.ts'
import { port } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { linuxMachine } from './linux.ts'
import { bothWays, cleanUp, cleanUpAfterEach, listenOn, until } from './live.fixture.ts'

const machine = linuxMachine()
cleanUpAfterEach()

const address = (text: string): Address => (text === '::' ? anyIPv6 : parseAddress(text))
const tcp = async (text: string, number: PortNumber) =>
  await machine.probe({ protocol: 'tcp', address: address(text), port: number })
const udp = async (text: string, number: PortNumber) =>
  await machine.probe({ protocol: 'udp', address: address(text), port: number })

/** Who may listen beside whom, measured on Linux 6.18: the columns are those of the first line. */
const matrix = [
  ['held', '0.0.0.0', '127.0.0.1', '127.0.0.2', '*', '::', '::1'],
  ['0.0.0.0', 'taken', 'taken', 'taken', 'taken', 'free', 'free'],
  ['127.0.0.1', 'taken', 'taken', 'free', 'taken', 'free', 'free'],
  ['127.0.0.2', 'taken', 'free', 'taken', 'taken', 'free', 'free'],
  ['*', 'taken', 'taken', 'taken', 'taken', 'taken', 'taken'],
  ['::', 'free', 'free', 'free', 'taken', 'taken', 'taken'],
  ['::1', 'free', 'free', 'free', 'taken', 'taken', 'taken'],
] as const
const [[, ...columns], ...rows] = matrix

async function bindDatagrams(held: string, reuseAddr = false): Promise<PortNumber> {
  const bound = createSocket({
    type: held.includes(':') || held === '*' ? 'udp6' : 'udp4',
    ipv6Only: held === '::',
    reuseAddr,
  })
  cleanUp(() => bound.close())
  await new Promise<void>((resolve) => bound.bind(0, held === '*' ? '::' : held, resolve))
  return port(bound.address().port)
}

bothWays('probe', () => {
  test.each(rows.map(([held, ...expected]) => [held, expected] as const))(
    'knows who may listen beside TCP %s',
    async (held, expected) => {
      const listener = listenOn(held)
      const answers = await Promise.all(columns.map(async (column) => await tcp(column, listener.port)))
      expect(answers.map(String)).toEqual([...expected])
    },
  )

  test.each(rows.map(([held, ...expected]) => [held, expected] as const))(
    'knows who may bind beside UDP %s',
    async (held, expected) => {
      const number = await bindDatagrams(held)
      // One after the other: each probe takes the port for a moment.
      const answers: string[] = []
      for (const column of columns) answers.push(await udp(column, number))
      expect(answers).toEqual([...expected])
    },
  )

  test('leaves nothing behind', async () => {
    const listener = listenOn('*')
    listener.stop()
    await until(async () => (await tcp('*', listener.port)) === 'free', 'the port is free')
    for (let time = 0; time < 3; time++) expect(await tcp('*', listener.port)).toBe('free')
    expect(await machine.listeners({ ports: new Set([listener.port]), holders: 'none' })).toEqual([])
  })

  test('is not misled by old connections in TIME_WAIT', async () => {
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { open: (socket) => void socket.end(), data() {} },
    })
    const closed = Promise.withResolvers<void>()
    await Bun.connect({
      hostname: '127.0.0.1',
      port: server.port,
      socket: { data() {}, close: () => closed.resolve() },
    })
    await closed.promise
    server.stop(true)
    const number = port(server.port)
    await until(async () => (await tcp('127.0.0.1', number)) === 'free', 'the port is free')
  })

  test('is denied an address that is not this machine’s', async () => {
    // RFC 5737 and RFC 3849: addresses for documentation, nobody has them.
    expect(await tcp('192.0.2.1', port(3000))).toBe('denied')
    expect(await tcp('2001:db8::1', port(3000))).toBe('denied')
    expect(await udp('192.0.2.1', port(3000))).toBe('denied')
  })

  test('finds a UDP port taken even beside a holder that would share it', async () => {
    expect(await udp('127.0.0.1', await bindDatagrams('127.0.0.1', true))).toBe('taken')
  })
})

test('the matrix is the one by which the registry decides', () => {
  for (const [held, ...answers] of rows) {
    for (const [index, column] of columns.entries()) {
      expect(overlaps(address(held), address(column))).toBe(answers[index] === 'taken')
    }
  }
})
