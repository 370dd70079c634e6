import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import {
  endEverythingAfterEach,
  freePort,
  isAlive,
  isBindable,
  kill,
  launch,
  launchReady,
  listen,
  listening,
  server,
  until,
} from './peers.fixture.ts'

endEverythingAfterEach()

test('a service that is started again after 100 ms is noticed, and who starts it is named', async () => {
  const port = freePort()
  const supervisor = await launchReady(server('supervise.ts', ...listening({ host: '127.0.0.1', port })), {
    detached: true,
  })
  await until(() => !isBindable(port), 'the service listens')
  const answer = await kill(port)
  expect(answer).toMatchObject({ code: 1, outcome: 'still-held', restarter: { pid: supervisor.pid } })
  expect(answer.heldBy).not.toEqual(answer.holders)
  expect(isAlive(supervisor.pid)).toBe(true)
})

test('a helper that the server started ends with it', async () => {
  const port = freePort()
  const { pid, helper } = await listen(port, { helper: true })
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed' })
  expect([pid, helper].map(isAlive)).toEqual([false, false])
})

test('the shell that started the server ends with it, and so does the sibling that it started', async () => {
  const port = freePort()
  const command = listening({ host: '127.0.0.1', port }).map((word) => `'${word}'`)
  const wrapper = launch(['sh', '-c', `sleep 600 & ${command.join(' ')}; true`], { detached: true })
  await until(() => !isBindable(port), 'the server listens')
  const job = [wrapper.pid, ...childrenOf(wrapper.pid)]
  expect(job).toHaveLength(3)
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed' })
  expect(job.map(isAlive)).toEqual([false, false, false])
})

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(path)) throw new Error('this kernel does not tell whose children a process has')
  return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number)
}
