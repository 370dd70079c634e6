import { expect } from 'bun:test'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Who } from '../../src/operations/who.ts'
import { freePort } from '../free-port.fixture.ts'
import { binary, serverCommand } from '../ports.fixture.ts'
import { until } from '../supervisor.fixture.ts'
import { systemdTest } from '../systemd.fixture.ts'
import type { SystemdPerson } from '../systemd.fixture.ts'

const withSystemd = await systemdTest()

const program = (port: number): string => serverCommand(String(port)).replace("'; ", "'")

async function listening(person: SystemdPerson, port: number): Promise<void> {
  await until(
    async () => (await person.json<Who>('who', String(port))).ports[0]?.listeners.length,
    `a listener on ${port}`,
  )
}

withSystemd('a unit of the user is stopped by systemd, also where that would start it again', async (systemd) => {
  const [person, port] = [await systemd.person(), freePort()]
  const words = ['--user', '--unit=web', '--property=Restart=always', 'sh', '-c', program(port)]
  expect(await person.run(['systemd-run', ...words])).toMatchObject({ code: 0 })
  await listening(person, port)
  const { ports } = await person.json<Kill>('kill', String(port))
  expect(ports).toMatchObject([
    { outcome: 'freed', acts: [{ by: 'systemd', what: 'systemctl --user stop web.service' }], ended: [], tier: 'safe' },
  ])
  expect(ports[0]?.risks).toMatchObject([{ kind: 'comes-back' }])
  expect((await person.run(['systemctl', '--user', 'is-active', 'web'])).out).not.toBe('active\n')
})

withSystemd('a service of the system is asked about, and stopped by systemd once it is agreed to', async (systemd) => {
  const [person, port] = [await systemd.person(), freePort()]
  await systemd.start('grafana.service', program(port))
  await listening(person, port)
  const asRoot = (...words: string[]) => systemd.run([binary, 'kill', String(port), ...words])
  const asked = await asRoot()
  expect(asked.code).toBe(1)
  expect(asked.out).toContain('! grafana.service is a service of the whole system')
  expect(asked.out).toContain('Nothing was done: say --yes')
  await listening(person, port)
  const done = await asRoot('--yes')
  expect(done).toMatchObject({ code: 0, out: `${port} is free.\n  systemctl stop grafana.service\n` })
})

withSystemd('a socket that systemd keeps for a service that is not up is closed with it', async (systemd) => {
  const [person, port] = [await systemd.person(), freePort()]
  await systemd.listen('lazy', port, '/bin/cat')
  await listening(person, port)
  const done = await systemd.run([binary, 'kill', String(port), '--yes'])
  expect(done).toMatchObject({ code: 0, out: `${port} is free.\n  systemctl stop lazy.socket lazy.service\n` })
})

withSystemd('a service of the system that its user may not stop is named', async (systemd) => {
  const [person, port] = [await systemd.person(), freePort()]
  await systemd.start('closed.service', program(port))
  await listening(person, port)
  const { ports } = await person.json<Kill>('kill', String(port), '--yes')
  expect(ports).toMatchObject([{ outcome: 'refused', refused: [{ pid: null, name: 'closed.service', why: 'hidden' }] }])
})
