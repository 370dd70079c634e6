import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePort } from '../../src/core/port.ts'
import { openJournal } from '../../src/store/journal.ts'
import {
  endEverythingAfterEach,
  homeOfTest,
  isAlive,
  isBindable,
  kill,
  launch,
  launchReady,
  listen,
  listening,
  ports,
  server,
  until,
} from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

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

test('a launcher between the supervisor and the server is not taken for who starts it again', async () => {
  const port = freePort()
  const launcher = server('launch.ts', ...listening({ host: '127.0.0.1', port }))
  const supervisor = await launchReady(server('supervise.ts', ...launcher), { detached: true })
  await until(() => !isBindable(port), 'the service listens')
  expect(await kill(port)).toMatchObject({ code: 1, outcome: 'still-held', restarter: { pid: supervisor.pid } })
})

test('a program that started the server and is no wrapper stays', async () => {
  const port = freePort()
  const agent = launch(server('launch.ts', ...listening({ host: '127.0.0.1', port })), { detached: true })
  await until(() => !isBindable(port), 'the server listens')
  const [child = 0] = childrenOf(agent.pid)
  const { ended } = await kill(port)
  expect(ended.map(({ pid }) => pid)).toEqual([child])
})

test('a master that ignores TERM and replaces its workers is ended with those that it started meanwhile', async () => {
  const port = freePort()
  const { pid } = await launchReady(server('replace.ts', port))
  await until(() => childrenOf(pid).length > 0, 'the worker runs')
  expect(await kill(port, '--timeout', '0.3')).toMatchObject({ code: 0, outcome: 'freed', forced: true })
  expect(isBindable(port)).toBe(true)
})

test('Ctrl-C while it waits forces nobody, and says who may still end', async () => {
  const port = freePort()
  const { pid } = await listen(port, { term: 'ignored' })
  const command = Bun.spawn(ports('kill', String(port), '--timeout', '60'), { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const decoder = new TextDecoder()
  for await (const chunk of command.stderr) {
    said += decoder.decode(chunk, { stream: true })
    if (said.includes(`waiting for pid ${pid} to end`) && !command.killed) process.kill(command.pid, 'SIGINT')
  }
  expect([await command.exited, isAlive(pid)]).toEqual([130, true])
  expect(said).toContain(`pid ${pid} was asked to end and may still do so.`)
})

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(path)) throw new Error('this kernel does not tell whose children a process has')
  return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number)
}

test('a run of before a restart of the machine, whose pid is somebody else by now, takes nobody along', async () => {
  const port = freePort()
  const listener = listening({ host: '127.0.0.1', port }).map((word) => `'${word}'`)
  // What stays behind has the session of the server and nothing else in common with it.
  const { pid } = await launchReady<{ pid: number }>(['sh', '-c', `(sleep 600 &); exec ${listener.join(' ')}`], {
    detached: true,
  })
  const [bystander = 0] = readdirSync('/proc')
    .map(Number)
    .filter((one) => one !== pid && sessionOf(one) === pid)
  expect(isAlive(bystander)).toBe(true)
  const journal = openJournal({ path: join(homeOfTest(), 'journal.db') })
  const where = { command: 'x', cwd: '/', log: '/dev/null', startedAt: 'then', endedAt: null, ending: null }
  const process = { boot: 'another one', pid, start: 1 }
  await journal.begin({ id: 'old', service: 'Web', protocol: 'tcp', port: parsePort(String(port)), ...where, process })
  await journal.close()
  expect(await kill(port)).toMatchObject({ code: 0, outcome: 'freed', ended: [{ pid }] })
  expect([pid, bystander].map(isAlive)).toEqual([false, true])
})

function sessionOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
  } catch {
    return null
  }
}
