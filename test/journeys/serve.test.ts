import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ps } from '../../src/operations/ps.ts'
import type { Board } from '../../src/operations/board.ts'
import { serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson, until } from '../supervisor.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

/** Gives the service a recipe whose server writes down each of its starts before it listens, so that none stays hidden. */
async function recipe(person: SupervisedPerson, name: string, before = '', restart = 'always'): Promise<number> {
  const port = freePort()
  const note = `require("node:fs").appendFileSync("${starts(person, name)}", process.pid + "\\n")`
  const command = `exec ${serverCommand('process.env.PORT', `${note}; ${before}`)}`
  const words = ['--command', command, '--port', String(port), '--restart', restart]
  expect((await person.ports('edit', name, ...words)).code).toBe(0)
  return port
}

const starts = (person: SupervisedPerson, name: string): string => join(person.home, `starts-${name}`)

/** The pids of all starts there ever were. */
function started(person: SupervisedPerson, name: string): number[] {
  const file = starts(person, name)
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []
}

async function stateOf(person: SupervisedPerson, name: string): Promise<Ps['services'][number]> {
  const { services } = await person.json<Ps>('ps')
  const found = services.find(({ service }) => service === name)
  if (!found) throw new Error(`${name} is not in ports ps`)
  return found
}

/** Eight ends in a row take half a minute of pauses, in which the other tests run. */
const looper = new SupervisedPerson()
const loop = crashLoop()

async function crashLoop(): Promise<void> {
  const good = 'require("node:fs").existsSync("good") || setTimeout(() => process.exit(7), 1)'
  await looper.run(['touch', 'good'])
  await recipe(looper, 'Loop', good)
  expect((await looper.ports('up', 'Loop')).code).toBe(0)
  await looper.run(['rm', 'good'])
  looper.serve()
  process.kill(started(looper, 'Loop').at(-1) ?? 0, 'SIGKILL')
}

test('a service that is killed comes back, and its end is known where the supervisor had started it', async () => {
  const person = new SupervisedPerson()
  const supervisor = person.serve()
  await recipe(person, 'Web')
  expect((await person.ports('up', 'Web')).code).toBe(0)
  await supervisor.says(/Web is adopted/)
  const first = started(person, 'Web')[0] ?? 0
  process.kill(first, 'SIGKILL')
  await supervisor.says(/Web ended while nobody saw how[^]*Web listens on/)
  const [, second = 0] = started(person, 'Web')
  process.kill(second, 'SIGKILL')
  await supervisor.says(/Web ended by signal SIGKILL[^]*started again in 0.5 s, after 2 ends[^]*Web listens on/)
  expect(started(person, 'Web')).toHaveLength(3)
  expect(await stateOf(person, 'Web')).toMatchObject({ state: 'running', wanted: true, setback: null })
})

test('a supervisor lets go of what of the program only its start needs', async () => {
  const { pid } = new SupervisedPerson().serve()
  const kilobytes = (): number =>
    Number(/^RssFile:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0)
  let most = 0
  await until(() => {
    most = Math.max(most, kilobytes())
    return most > 20_000 && kilobytes() < most * 0.7
  }, 'it has let go of a third of it')
})

test('a killed supervisor stops nothing; the next one adopts what runs and starts what has ended meanwhile', async () => {
  const person = new SupervisedPerson()
  const first = person.serve()
  for (const name of ['Stays', 'Goes']) await recipe(person, name)
  expect((await person.ports('up')).code).toBe(0)
  await first.says(/Stays listens[^]*Goes listens|Goes listens[^]*Stays listens/)
  const second = await person.ports('serve')
  expect([second.code, second.err]).toEqual([1, expect.stringContaining(`kept up already, by pid ${first.pid}`)])
  await first.kill()
  expect((await person.json<Ps>('ps')).supervisor).toBeNull()
  const { pids } = await stateOf(person, 'Stays')
  expect(pids).toEqual(started(person, 'Stays'))
  process.kill(started(person, 'Goes')[0] ?? 0, 'SIGKILL')
  const silent = await until(async () => {
    const { services } = await person.json<Board>('status')
    return services.find(({ name, verdict }) => name === 'Goes' && verdict === 'silent')
  }, 'Goes is silent on the board')
  expect(silent.name).toBe('Goes')
  const next = person.serve()
  await next.says(/Stays is adopted/)
  await next.says(/Goes listens on/)
  expect([started(person, 'Stays'), started(person, 'Goes').length]).toEqual([pids, 2])
  expect(await next.kill('SIGTERM')).toBe(0)
  expect((await stateOf(person, 'Stays')).pids).toEqual(pids)
})

test('what a person stops or kills stays down, whatever its policy says, and a start brings it back under the supervisor', async () => {
  const person = new SupervisedPerson()
  const supervisor = person.serve()
  const port = await recipe(person, 'Web')
  await recipe(person, 'Other')
  await person.ports('up')
  await supervisor.says(/Web is adopted/)
  expect((await person.ports('stop', 'Web')).code).toBe(0)
  await supervisor.says(/Web is not wanted any more/)
  expect((await person.ports('start', 'Web')).code).toBe(0)
  await supervisor.says(/not wanted[^]*Web is adopted/)
  expect((await person.ports('kill', String(port))).code).toBe(0)
  await supervisor.says(/not wanted[^]*Web is not wanted any more/)
  // It looks every half second: by the time it has brought back the other one it has looked at this one as well.
  process.kill(started(person, 'Other')[0] ?? 0, 'SIGKILL')
  await supervisor.says(/Other is started on/)
  expect([started(person, 'Web').length, (await stateOf(person, 'Web')).state]).toEqual([2, 'ended'])
})

test('without a policy a failure is told and left to a person, and a clean end is an end', async () => {
  const person = new SupervisedPerson()
  const supervisor = person.serve()
  await recipe(person, 'By hand', '', 'no')
  await recipe(person, 'Task', 'process.on("SIGUSR1", () => process.exit(0))', 'on-failure')
  await person.ports('up')
  await supervisor.says(/Task is adopted/)
  process.kill(started(person, 'By hand')[0] ?? 0, 'SIGKILL')
  await supervisor.says(/By hand has failed and is left alone: ended while nobody saw how/)
  expect((await stateOf(person, 'By hand')).setback?.phase).toBe('failed')
  // Only whoever started it learns that an end was clean.
  process.kill(started(person, 'Task')[0] ?? 0, 'SIGKILL')
  await supervisor.says(/Task is started on[^]*Task listens on/)
  process.kill(started(person, 'Task')[1] ?? 0, 'SIGUSR1')
  await supervisor.says(/Task ended with exit code 0[^]*Task is not wanted any more/)
  expect(await stateOf(person, 'Task')).toMatchObject({ wanted: false, code: 0 })
})

test('what ends again and again is a crash loop: it is left alone, and a person may start it again', async () => {
  await loop
  const { setback } = await until(async () => {
    const state = await stateOf(looper, 'Loop')
    return state.setback?.phase === 'failed' ? state : null
  }, 'Loop has failed')
  expect(setback).toMatchObject({ ends: 8 })
  expect((await looper.ports('ps')).out).toMatch(/Loop .*failed/)
  const count = started(looper, 'Loop').length
  await looper.run(['touch', 'good'])
  expect((await looper.ports('start', 'Loop')).code).toBe(0)
  await until(async () => (await stateOf(looper, 'Loop')).setback === null, 'Loop is well')
  expect(started(looper, 'Loop')).toHaveLength(count + 1)
}, 120_000)

test('a log that grows is cut under the program that writes it, and is followed through the cut and into the next run', async () => {
  const person = new SupervisedPerson()
  const supervisor = person.serve()
  const write =
    'const big = "x".repeat(1023); process.on("SIGUSR1", () => { for (let i = 0; i < 10300; i++) console.log(big); console.log("after") })'
  await recipe(
    person,
    'Writer',
    `console.log("2020-01-01T00:00:00Z old"); console.log(new Date().toISOString() + " \\u001b[31mhello " + process.pid); ${write}`,
  )
  await recipe(person, 'Quiet', 'console.log("quiet")')
  await person.ports('up')
  await supervisor.says(/Writer is adopted/)
  const [pid = 0] = started(person, 'Writer')
  const both = await person.ports('logs', 'Writer', 'Quiet')
  expect(both.out).toContain(`hello ${pid}\nQuiet  | quiet\n`)
  expect([both.out.includes('\u001b'), both.out.split('\n')[0]]).toEqual([false, 'Writer | 2020-01-01T00:00:00Z old'])
  expect((await person.ports('logs', 'Writer', '--since', '10m')).out).toMatch(/^[^\n]*hello \d+\n$/)
  expect((await person.ports('logs', 'Writer', '--grep', 'old')).out).toBe('2020-01-01T00:00:00Z old\n')
  const follow = person.lasting('logs', 'Writer', 'Quiet', '-f', '--grep', 'e')
  await follow.says(/Writer \| [^\n]*hello/)
  process.kill(pid, 'SIGUSR1')
  const log = (await stateOf(person, 'Writer')).log ?? ''
  await until(() => existsSync(`${log}.1`), 'the log is cut')
  await follow.says(/Writer \| after/)
  process.kill(pid, 'SIGKILL')
  await follow.says(new RegExp(`Writer \\| after\n[^]*hello (?!${pid}\\b)`))
  expect(follow.said.match(/after/g)).toHaveLength(1)
  await follow.kill('SIGTERM')
})

test('a service that listens and is not well is ended and comes back', async () => {
  const person = new SupervisedPerson()
  const supervisor = person.serve()
  await recipe(person, 'Sick')
  expect((await person.ports('edit', 'Sick', '--health', 'command:test ! -e sick', '--interval', '1s')).err).toBe('')
  await person.ports('up')
  await supervisor.says(/Sick listens/)
  await person.run(['touch', 'sick'])
  await supervisor.says(/Sick is not well: its command health check failed/)
  await person.run(['rm', 'sick'])
  await supervisor.says(
    /is not well[^]*Sick is down: its command health check failed[^]*Sick is started on[^]*Sick listens/,
  )
  expect(started(person, 'Sick')).toHaveLength(2)
})
