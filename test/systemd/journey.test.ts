import { expect } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Board } from '../../src/operations/board.ts'
import type { BootServiceStatus } from '../../src/operations/boot-service.ts'
import type { Ps } from '../../src/operations/ps.ts'
import type { Who } from '../../src/operations/who.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { until } from '../supervisor.fixture.ts'
import { systemdTest } from '../systemd.fixture.ts'
import type { SystemdPerson } from '../systemd.fixture.ts'

const withSystemd = await systemdTest()

/** What is told of the only listener on the port, once one is there. */
async function listening(person: SystemdPerson, port: number): Promise<Who['ports'][number]> {
  return until(async () => {
    const [story] = (await person.json<Who>('who', String(port))).ports
    return story?.listeners.length === 1 ? story : null
  }, `a listener on ${port}`)
}

/** Somebody's shell, which is in no unit. */
const program = (port: number): string => serverCommand(String(port)).replace("'; ", "'")

withSystemd(
  "a system unit is told by its name, to a user to whom root's process is hidden as well",
  async (systemd) => {
    const [person, port] = [await systemd.person(), freePort()]
    await systemd.start('grafana.service', program(port))
    expect((await person.ports('reserve', 'Grafana', String(port))).code).toBe(0)
    const { allocations, listeners, next } = await listening(person, port)
    expect(allocations).toMatchObject([{ verdict: 'active', by: 'unit', evidence: { name: 'grafana.service' } }])
    expect(listeners).toMatchObject([{ unit: 'grafana.service', user: 'root', holders: [] }])
    expect(next).toContainEqual({ what: 'end the systemd service', command: 'systemctl stop grafana.service' })
    const { services } = await person.json<Board>('status')
    expect(services).toMatchObject([{ name: 'Grafana', verdict: 'active', unit: 'grafana.service' }])
    expect((await systemd.run(['systemctl', 'stop', 'grafana.service'])).code).toBe(0)
    expect((await person.json<Board>('status')).services).toMatchObject([{ name: 'Grafana', verdict: 'reserved' }])
  },
)

withSystemd('a unit of the user is told as theirs', async (systemd) => {
  const [person, port] = [await systemd.person(), freePort()]
  expect((await person.ports('reserve', 'Web', String(port))).code).toBe(0)
  const begun = await person.run(['systemd-run', '--user', '--unit=web', 'sh', '-c', program(port)])
  expect(begun).toMatchObject({ code: 0 })
  const { listeners, holders, next } = await listening(person, port)
  expect(listeners).toMatchObject([{ unit: 'web.service' }])
  expect(holders).toMatchObject([{ unit: 'web.service', unitOfUser: true }])
  expect(next).toContainEqual({ what: 'end the systemd service', command: 'systemctl --user stop web.service' })
  expect((await person.ports('status')).out).toMatch(/Web +active/)
})

/** A recipe of a server that is the only process of its run. */
async function keep(person: SystemdPerson, name: string): Promise<number> {
  const port = freePort()
  const words = ['--command', `exec ${program(port)}`, '--port', String(port), '--restart', 'always']
  expect((await person.ports('edit', name, ...words)).code).toBe(0)
  expect((await person.ports('up', name)).code).toBe(0)
  return port
}

async function pidOf(person: SystemdPerson, name: string): Promise<number> {
  const { services } = await person.json<Ps>('ps')
  return services.find(({ service }) => service === name)?.pids[0] ?? 0
}

/** The pid of the supervisor, once one is there. */
async function supervisorOf(person: SystemdPerson): Promise<number> {
  return until(
    async () => (await person.json<BootServiceStatus>('service', 'status')).supervisor,
    'a supervisor that is there',
  )
}

withSystemd(
  'an installed supervisor brings up what is wanted, also when the user is back; uninstalled it leaves them',
  async (systemd) => {
    const person = await systemd.person()
    const port = await keep(person, 'Kept')
    const first = await pidOf(person, 'Kept')
    expect((await person.ports('service', 'install')).code).toBe(0)
    expect((await systemd.run(['kill', '-KILL', String(first)])).code).toBe(0)
    const second = await until(async () => {
      const pid = await pidOf(person, 'Kept')
      return pid === first ? 0 : pid
    }, 'the service is back')
    const { allocations, listeners, next } = await listening(person, port)
    expect([allocations[0]?.by, listeners[0]?.unit]).toEqual(['run', null])
    expect(next.map(({ command }) => command)).toEqual(['ports stop Kept', `ports kill ${port}`])

    const manager = `user@${person.uid}.service`
    expect((await systemd.run(['systemctl', 'restart', manager])).code).toBe(0)
    const third = await until(async () => {
      const pid = await pidOf(person, 'Kept')
      return pid === second ? 0 : pid
    }, 'the service is back with the user')
    await listening(person, port)
    await supervisorOf(person)
    expect(await person.json('service', 'status')).toMatchObject({ state: 'installed', active: 'active' })
    const kinds = ['KillMode', 'OOMPolicy', 'TasksMax'].map((name) => `--property=${name}`)
    const { out } = await person.run(['systemctl', '--user', 'show', 'iza-ports', ...kinds])
    expect(out.trim().split('\n').toSorted()).toEqual(['KillMode=process', 'OOMPolicy=continue', 'TasksMax=infinity'])

    expect((await person.ports('service', 'uninstall')).code).toBe(0)
    expect(await person.json('service', 'status')).toMatchObject({ state: 'missing', supervisor: null })
    expect(existsSync(join(person.home, '.config/systemd/user/default.target.wants/iza-ports.service'))).toBe(false)
    expect(await pidOf(person, 'Kept')).toBe(third)
    await listening(person, port)
  },
)

withSystemd('a supervisor that is killed is started again by systemd and adopts what runs', async (systemd) => {
  const person = await systemd.person()
  await keep(person, 'Kept')
  const pid = await pidOf(person, 'Kept')
  expect((await person.ports('service', 'install')).code).toBe(0)
  const first = await supervisorOf(person)
  expect((await systemd.run(['kill', '-KILL', String(first)])).code).toBe(0)
  expect(await supervisorOf(person)).not.toBe(first)
  expect(await pidOf(person, 'Kept')).toBe(pid)
})
