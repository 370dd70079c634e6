import { expect, test } from 'bun:test'
import type { KilledPort } from '../../src/operations/kill/kill.ts'
import {
  endEverythingAfterEach,
  isAlive,
  isBindable,
  kill,
  launch,
  launchReady,
  listen,
  ports,
  server,
} from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

endEverythingAfterEach()

interface Below {
  readonly pid: number
  readonly code: number
  readonly text: string
}

test('a holder that this command runs below is not killed, and the exit code says so', async () => {
  const port = freePort()
  const above = await launchReady<Below>(server('below.ts', port, ...ports('kill', String(port), '--json')))
  expect(above.code).toBe(1)
  expect(answerIn(above)).toMatchObject({
    outcome: 'refused',
    ended: [],
    refused: [{ pid: above.pid, why: 'ancestor' }],
  })
  expect(isAlive(above.pid)).toBe(true)
  expect(isBindable(port)).toBe(false)
})

test('another process on the port of a refused holder is ended all the same, and the port is said to be held', async () => {
  const port = freePort()
  const other = await listen(port, { host: '::1' })
  const above = await launchReady<Below>(server('below.ts', port, ...ports('kill', String(port), '--json')))
  expect(above.code).toBe(1)
  expect(answerIn(above)).toMatchObject({ outcome: 'refused', heldBy: [{ pid: above.pid }] })
  expect([above, other].map(({ pid }) => isAlive(pid))).toEqual([true, false])
})

test('a shell that holds the socket and typed the command is not killed, nor is the command itself, which inherited it', async () => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  const words = ports('kill', String(port), '--json').map((word) => `'${word}'`)
  const shell = launch(['sh', '-c', `${words.join(' ')}; echo code $?; sleep 600`], {
    detached: true,
    descriptor: Number(Reflect.get(listener, 'fd')),
  })
  listener.stop(true)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of shell.stdout) {
    text += decoder.decode(chunk, { stream: true })
    if (/^code \d+$/m.test(text)) break
  }
  expect(text).toContain('code 1')
  expect(text).toContain('"outcome": "refused"')
  expect(isAlive(shell.pid)).toBe(true)
  expect(isBindable(port)).toBe(false)
})

test('a dry run names whom the real run would end, and ends nobody', async () => {
  const port = freePort()
  const { pid, helper } = await listen(port, { helper: true })
  const plan = await kill(port, '--dry-run')
  expect(plan).toMatchObject({ code: 0, outcome: 'would-free', ended: [{ pid }, { pid: helper }] })
  expect([pid, helper].map(isAlive)).toEqual([true, true])
  expect((await kill(port)).ended).toEqual(plan.ended)
})

const mayUnshare = Bun.spawnSync(['unshare', '--pid', '--fork', '--mount-proc', 'true']).success

// Needs root, or user namespaces.
test.skipIf(!mayUnshare)('pid 1 is not killed', async () => {
  const port = freePort()
  const namespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
  const init = await launchReady<Below>([
    ...namespace,
    ...server('below.ts', port, ...ports('kill', String(port), '--json')),
  ])
  expect(init).toMatchObject({ pid: 1, code: 1 })
  expect(answerIn(init)).toMatchObject({ outcome: 'refused', refused: [{ pid: 1, why: 'init' }] })
  expect(isBindable(port)).toBe(false)
})

function answerIn({ text }: Below): KilledPort | undefined {
  return (JSON.parse(text) as { ports: KilledPort[] }).ports[0]
}
