import { afterAll, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ps } from '../../src/operations/ps.ts'
import { times } from '../../src/store/history/length.ts'
import { newSeed, randomFrom } from '../../src/store/history/random.ts'
import { openJournal } from '../../src/store/journal.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson, until } from '../supervisor.fixture.ts'

const kills = times(20, 500)
const names = ['Web', 'API', 'Shop', 'Mail', 'Jobs', 'Search']

/** One that looks like the services and belongs to nobody here: whatever happens, it gets no signal. */
function witness(...words: string[]): Bun.Subprocess {
  const child = Bun.spawn([process.execPath, '-e', 'setInterval(() => {}, 1000)', ...words], {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: words.length === 0,
  })
  afterAll(() => child.kill('SIGKILL'))
  return child
}

test(`a supervisor that is killed at ${kills} random moments under starts and stops loses nothing, starts nothing twice and touches nobody else`, async () => {
  const random = randomFrom(newSeed())
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value
  const person = new SupervisedPerson()
  const starts = (name: string): string => join(person.home, `starts-${name}`)
  /** The pids of all starts there ever were. */
  const started = (name: string): number[] =>
    existsSync(starts(name)) ? readFileSync(starts(name), 'utf8').trim().split('\n').map(Number) : []
  const portOf = new Map<string, number>()
  for (const name of names) {
    const port = freePort()
    portOf.set(name, port)
    const note = `require("node:fs").appendFileSync("${starts(name)}", process.pid + "\\n")`
    const command = `exec ${serverCommand('process.env.PORT', note)}`
    const words = ['--command', command, '--port', String(port), '--restart', 'always']
    expect((await person.ports('edit', name, ...words)).code).toBe(0)
  }
  expect((await person.ports('up')).code).toBe(0)
  const witnesses = [witness(), witness('Web'), witness('ports', 'serve')]

  /** Never more than one process of a service at a time: looked at again and again while everything happens. */
  const doubles: string[] = []
  const looking = setInterval(() => {
    for (const name of names) {
      const alive = started(name).filter((pid) => isServer(pid))
      if (alive.length > 1) doubles.push(`${name}: ${alive.join(', ')}`)
    }
  }, 20)
  const deeds: (() => Promise<unknown>)[] = [
    () => person.ports('start', pick(names)),
    () => person.ports('start', pick(names)),
    () => person.ports('stop', pick(names)),
    () => person.ports('restart', pick(names)),
    () => person.ports('kill', String(portOf.get(pick(names)))),
    () => person.ports('up'),
    async () => {
      // From outside, as a crash would be.
      const pid = started(pick(names)).at(-1)
      if (pid !== undefined && isServer(pid)) process.kill(pid, 'SIGKILL')
    },
  ]
  for (let turn = 0; turn < kills; turn++) {
    const supervisor = person.serve()
    const doing = Array.from({ length: 1 + Math.floor(random() * 3) }, async () => pick(deeds)())
    await Bun.sleep(random() * 700)
    await supervisor.kill()
    await Promise.all(doing)
  }
  const last = person.serve()
  for (const name of names) expect((await person.ports('start', name)).err).toBe('')
  for (const name of names) {
    const state = await until(async () => {
      const found = (await person.json<Ps>('ps')).services.find(({ service }) => service === name)
      return found?.state === 'running' ? found : null
    }, `${name} runs`)
    expect([name, started(name).filter(isServer)]).toEqual([name, [...state.pids]])
    expect(state.pids).toHaveLength(1)
  }
  clearInterval(looking)
  await last.kill('SIGTERM')
  expect(doubles).toEqual([])
  expect(witnesses.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null, null])

  const journal = openJournal({ path: join(person.home, '.local/share/iza-ports/journal.db') })
  let told = 0
  for (const name of names) {
    const runs = (await journal.runs({ service: name })).toReversed()
    told += runs.length
    const known = new Set(runs.map(({ process: { pid } }) => pid))
    expect(started(name).filter((pid) => !known.has(pid))).toEqual([])
    // Each run but the one that goes on has ended, and before the next one began.
    expect(runs.slice(0, -1).filter(({ endedAt }) => endedAt === null)).toEqual([])
    const twice = runs.filter(({ startedAt }, index) => index > 0 && (runs[index - 1]?.endedAt ?? '9') > startedAt)
    expect(twice).toEqual([])
  }
  await journal.close()
  console.log(`${kills} kills of the supervisor, ${told} runs, 0 doubled, 0 lost, 0 foreign signals`)
}, 3_600_000)

/** Whether the process is there, as the server that it was started as. */
function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('Bun.serve')
  } catch {
    return false
  }
}
