import { expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  endEverythingAfterEach,
  isAlive,
  isBindable,
  kill,
  launchReady,
  listen,
  server,
  until,
} from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

endEverythingAfterEach()

interface Shared {
  readonly pid: number
  readonly workers: readonly number[]
}

test('both of two processes end, of which one listens on 127.0.0.1 and one on [::1]', async () => {
  const port = freePort()
  const four = await listen(port)
  const six = await listen(port, { host: '::1' })
  const answer = await kill(port)
  expect(answer).toMatchObject({ code: 0, outcome: 'freed' })
  expect(pidsOf(answer.holders)).toEqual(pidsOf([four, six]))
  expect([four, six].map(({ pid }) => isAlive(pid))).toEqual([false, false])
  expect(isBindable(port)).toBe(true)
})

test('a pre-forking server and its workers all end, three holders of one socket', async () => {
  const port = freePort()
  const { pid, workers } = await launchReady<Shared>(server('share.ts', port, 2))
  const answer = await kill(port)
  expect(answer).toMatchObject({ code: 0, outcome: 'freed' })
  expect(pidsOf(answer.holders)).toEqual([pid, ...workers].toSorted((a, b) => a - b))
  expect([pid, ...workers].map(isAlive)).toEqual([false, false, false])
  expect(isBindable(port)).toBe(true)
})

test('workers end that are nobody’s children any more and inherited one socket', async () => {
  const port = freePort()
  const { pid, workers } = await launchReady<Shared>(server('share.ts', port, 2, 'leave'))
  await until(() => !isAlive(pid), 'the one that opened the socket has ended')
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed' })
  expect(workers.map(isAlive)).toEqual([false, false])
  expect(isBindable(port)).toBe(true)
})

test('both of two processes end that share the port by SO_REUSEPORT', async () => {
  const port = freePort()
  const one = await listen(port, { reusePort: true })
  const other = await listen(port, { reusePort: true })
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed' })
  expect([one, other].map(({ pid }) => isAlive(pid))).toEqual([false, false])
  expect(isBindable(port)).toBe(true)
})

function pidsOf(processes: readonly { readonly pid: number }[]): number[] {
  return processes.map(({ pid }) => pid).toSorted((a, b) => a - b)
}

test('a holder to whom the socket was sent, and who is no relation of the other, is ended as well', async () => {
  const port = freePort()
  const path = join(tmpdir(), `iza-ports-share-${crypto.randomUUID()}`)
  const program = ['python3', join(import.meta.dir, 'servers/share-by-message.py')]
  const taker = await launchReady<{ pid: number }>([...program, 'take', path], { detached: true })
  // So that it is not as young as the one that gives, near which it would be looked for first.
  await Bun.sleep(50)
  const giver = await launchReady<{ pid: number }>([...program, 'give', path, String(port)], { detached: true })
  const killed = await kill(port)
  expect(killed).toMatchObject({ code: 0, outcome: 'freed' })
  expect(killed.ended.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual([taker.pid, giver.pid])
  expect([taker, giver].map(({ pid }) => isAlive(pid))).toEqual([false, false])
  expect(isBindable(port)).toBe(true)
})
