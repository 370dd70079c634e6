import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Import } from '../../src/operations/import.ts'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Ps } from '../../src/operations/ps.ts'
import type { Up } from '../../src/operations/up.ts'
import { until } from '../supervisor.fixture.ts'
import { asks } from './answers.fixture.ts'
import { findPrograms, TenServices } from './ten-services.fixture.ts'

setDefaultTimeout(240_000)
const programs = findPrograms()
const why = programs.why && ` (skipped: ${programs.why})`

/** How each of them is ended while it is wanted. */
const ends: Readonly<Record<string, NodeJS.Signals>> = {
  PostgreSQL: 'SIGKILL',
  Redis: 'SIGSEGV',
  nginx: 'SIGKILL',
  Prometheus: 'SIGTERM',
  Shop: 'SIGKILL',
  Orders: 'SIGINT',
  Notebook: 'SIGABRT',
  API: 'SIGTERM',
  Objects: 'SIGKILL',
  Netdata: 'SIGKILL',
}

test.skipIf(programs.why !== '')(
  `ten real services come up from one file, come back however they are ended, and leave nothing${why}`,
  async () => {
    const person = new TenServices(programs)
    const names = [...person.portOf.keys()]
    expect(names).toEqual(Object.keys(asks))
    const state = async (name: string): Promise<Ps['services'][number]> => {
      const found = (await person.json<Ps>('ps')).services.find(({ service }) => service === name)
      if (!found) throw new Error(`${name} is not in ports ps`)
      return found
    }
    const rounds = new Map(names.map((name) => [name, 0]))
    const answers = async (name: string): Promise<void> => {
      const round = rounds.get(name) ?? 0
      await asks[name]?.(person.portOf.get(name) ?? 0, round)
      rounds.set(name, round + 1)
    }

    const isWell = (name: string): Promise<boolean> =>
      answers(name).then(
        () => true,
        () => false,
      )

    const imported = await person.json<Import>('import', 'ten/services.yaml')
    expect([imported.unused, imported.recipes.length]).toEqual([[], names.length])
    const { services } = await person.json<Up>('up')
    expect(services.filter(({ outcome }) => outcome !== 'started')).toEqual([])
    expect(new Map(services.map(({ service, port }) => [service, port]))).toEqual(new Map(person.portOf))
    for (const name of names) await answers(name)

    const supervisor = person.serve()
    await Promise.all(names.map((name) => supervisor.says(new RegExp(`${name} is adopted`))))
    for (const name of names) {
      const before = await state(name)
      process.kill(before.pids[0] ?? 0, ends[name] ?? 'SIGKILL')
      await until(async () => {
        const { startedAt, pids } = await state(name)
        return pids.length > 0 && startedAt !== before.startedAt && (await isWell(name))
      }, `${name} is back`)
    }

    // What a server does for its own is left to it: the run stays.
    for (const [name, worker] of [
      ['nginx', /nginx: worker/],
      ['PostgreSQL', /postgres: checkpointer/],
    ] as const) {
      const before = await state(name)
      const killed = before.pids.find((pid) => worker.test(titleOf(pid)))
      expect(killed, `a worker of ${name}`).toBeGreaterThan(0)
      process.kill(killed ?? 0, 'SIGKILL')
      await until(() => isWell(name), `${name} is well`)
      expect((await state(name)).startedAt).toBe(before.startedAt)
    }

    // What ends while nobody keeps anything up is brought back by whoever does so next, and the rest is left as it runs.
    await supervisor.kill('SIGKILL')
    const before = await state('Orders')
    process.kill(before.pids[0] ?? 0, 'SIGKILL')
    const others = await Promise.all(names.filter((name) => name !== 'Orders').map(state))
    const next = person.serve()
    await until(
      async () => (await state('Orders')).startedAt !== before.startedAt && (await isWell('Orders')),
      'Orders is back',
    )
    expect(await Promise.all(others.map(({ service }) => state(service)))).toMatchObject(
      others.map(({ service, startedAt }) => ({ service, startedAt, state: 'running' })),
    )

    // Whom a person ends stays ended, until they say otherwise.
    const { ports } = await person.json<Kill>('kill', String(person.portOf.get('API')))
    expect(ports).toMatchObject([{ outcome: 'freed' }])
    await Bun.sleep(1500)
    expect((await state('API')).pids).toEqual([])
    expect((await person.ports('up', 'API')).code).toBe(0)
    await answers('API')

    const running = (await person.json<Ps>('ps')).services.flatMap(({ pids }) => pids)
    expect(running.length).toBeGreaterThan(names.length)
    expect((await person.ports('down')).code).toBe(0)
    expect(await next.kill('SIGTERM')).toBe(0)
    expect(running.map(titleOf).filter(Boolean)).toEqual([])
    expect(processesOf(person.home)).toEqual([])
    for (const [name, port] of person.portOf) expect([name, await isOpen(port)]).toEqual([name, false])
  },
)

function titleOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

/** The commands of everything that a run of this home has started. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const variables = textOf(`/proc/${pid}/environ`).split('\0')
      return variables.includes(`HOME=${home}`) && variables.some((one) => one.startsWith('IZA_PORTS_RUN='))
    })
    .map((pid) => titleOf(Number(pid)))
    .filter(Boolean)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(!socket.destroy().connecting))
    socket.on('error', () => resolve(false))
  })
}
