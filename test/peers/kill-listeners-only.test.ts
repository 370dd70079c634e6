import { expect, test } from 'bun:test'
import {
  endEverythingAfterEach,
  isAlive,
  isBindable,
  kill,
  launch,
  launchReady,
  listen,
  server,
} from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

endEverythingAfterEach()

test('a connected client of the port is not killed', async () => {
  const port = freePort()
  const holder = await listen(port)
  const client = await launchReady(server('connect.ts', port))
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed', ended: [{ pid: holder.pid }] })
  expect(isAlive(holder.pid)).toBe(false)
  expect(isAlive(client.pid)).toBe(true)
})

test('the TCP server is killed, not the UDP process of the same number', async () => {
  const port = freePort()
  const tcp = await listen(port)
  const udp = await listen(port, { protocol: 'udp' })
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed', protocol: 'tcp' })
  expect(isAlive(tcp.pid)).toBe(false)
  expect(isAlive(udp.pid)).toBe(true)
})

test('with --protocol udp the UDP process is killed, not the TCP server of the same number', async () => {
  const port = freePort()
  const tcp = await listen(port)
  const udp = await listen(port, { protocol: 'udp' })
  expect(await kill(port, '--protocol', 'udp')).toMatchObject({ code: 0, outcome: 'freed', protocol: 'udp' })
  expect(isAlive(udp.pid)).toBe(false)
  expect(isAlive(tcp.pid)).toBe(true)
})

test('a port that nobody listens on is already free, and nobody is said to be killed', async () => {
  const port = freePort()
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'already-free', holders: [], ended: [], forced: false })
})

/** Where pids have gone beyond the highest port there is nothing to confuse: only a machine that runs for long and allows so many. */
const pidsArePorts = Bun.spawnSync(['true']).pid < 60_000

test.skipIf(!pidsArePorts)(
  'a number that is no port of anybody but the pid of a process does not kill that process',
  async () => {
    const pid = sleepingPidThatIsAFreePort()
    expect(await kill(pid)).toMatchObject({ code: 0, outcome: 'already-free' })
    expect(isAlive(pid)).toBe(true)
  },
)

test('a port is not confused with a longer one that begins or ends with it', async () => {
  const port = portAroundFreeOnes()
  const { pid } = await listen(port)
  for (const part of [Math.floor(port / 10), port % 10_000]) {
    expect(await kill(part)).toMatchObject({ code: 0, outcome: 'already-free', ended: [] })
  }
  expect(isAlive(pid)).toBe(true)
})

function sleepingPidThatIsAFreePort(): number {
  for (;;) {
    const { pid } = launch(['sleep', '600'])
    if (isBindable(pid)) return pid
  }
}

/** A free port whose first four and last four digits are free ports too, above the privileged ones. */
function portAroundFreeOnes(): number {
  for (;;) {
    const port = freePort()
    const parts = [Math.floor(port / 10), port % 10_000]
    if (port >= 10_000 && parts.every((part) => part >= 1024 && isBindable(part))) return port
  }
}
