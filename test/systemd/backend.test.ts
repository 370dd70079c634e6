import { expect } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ps } from '../../src/operations/ps.ts'
import type { StartedService } from '../../src/operations/start.ts'
import type { Who } from '../../src/operations/who.ts'
import { backends } from '../../src/core/recipe.ts'
import { freePort } from '../free-port.fixture.ts'
import { serverCommand } from '../ports.fixture.ts'
import { until } from '../supervisor.fixture.ts'
import { systemdTest } from '../systemd.fixture.ts'
import type { SystemdPerson } from '../systemd.fixture.ts'

const withSystemd = await systemdTest()

const state = async (person: SystemdPerson): Promise<Ps['services'][number]> => {
  const [first] = (await person.json<Ps>('ps')).services
  if (!first) throw new Error('nothing is in ports ps')
  return first
}

/** One that writes down where and as what it runs before it listens. */
const server = `exec ${serverCommand('process.env.PORT', 'console.log([process.cwd(), process.env.PORT, process.env.OWN, process.umask().toString(8)].join(" "))')}`

/** What every backend does alike. */
for (const backend of backends) {
  withSystemd(
    `${backend}: a service starts with its folder, environment and log, and is ended whole`,
    async (systemd) => {
      const person = await systemd.person()
      const port = freePort()
      const words = [
        '--command',
        `say=got; for i in a b; do echo "\${say} $i \${OWN} $((1 + 1)) 100%h"; done; setsid sleep 600 & ${server}`,
        '--port',
        String(port),
        '--env',
        'OWN=a b',
        '--cwd',
        person.home,
      ]
      expect((await person.ports('edit', 'Web', ...words, '--backend', backend)).err).toBe('')
      const started = await person.json<StartedService>('start', 'Web')
      expect(started).toMatchObject({ outcome: 'started', port })
      expect(readFileSync(started.log, 'utf8')).toContain(`${person.home} ${port} a b 22`)
      // The shell's words are the shell's, whoever hands them on.
      expect(readFileSync(started.log, 'utf8')).toContain('got a a b 2 100%h\ngot b a b 2 100%h\n')
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello')
      const { pids } = await state(person)
      expect(pids).toContain(started.pid)
      const story = (await person.json<Who>('who', String(port))).ports[0]
      expect(story?.allocations).toMatchObject([{ verdict: 'active', by: 'run' }])
      expect(story?.next.map(({ command }) => command)).toContain('ports stop Web')
      const units = await person.run(['systemctl', '--user', 'list-units', '--plain', '--no-legend', 'iza-ports-run-*'])
      expect(units.out.includes('iza-ports-run-')).toBe(backend === 'systemd')
      expect((await person.ports('stop', 'Web')).code).toBe(0)
      const left = await person.run(['sh', '-c', 'ps -o args= -u "$(id -u)" | grep "sleep 600" || true'])
      expect(left.out.split('\n').filter((line) => line === 'sleep 600')).toEqual([])
      expect(await state(person)).toMatchObject({ state: 'ended', pids: [] })
    },
  )

  withSystemd(`${backend}: one that ends early is told with its code and its last lines`, async (systemd) => {
    const person = await systemd.person()
    const words = ['start', 'Bad', String(freePort()), 'echo gone wrong; exit 7', '--backend', backend]
    const { code, err } = await person.ports(...words)
    expect([code, err]).toEqual([1, expect.stringMatching(/exit code 7\n {2}\| gone wrong/)])
  })

  withSystemd(`${backend}: one that ignores its signal is forced after its time`, async (systemd) => {
    const person = await systemd.person()
    const deaf = `exec ${serverCommand('process.env.PORT', 'process.on("SIGTERM", () => {})')}`
    const words = ['--command', deaf, '--port', String(freePort()), '--stop-timeout', '1s', '--backend', backend]
    expect((await person.ports('edit', 'Deaf', ...words)).err).toBe('')
    expect((await person.ports('start', 'Deaf')).code).toBe(0)
    expect(await person.json('stop', 'Deaf')).toMatchObject({ forced: true })
    expect((await state(person)).pids).toEqual([])
  })

  withSystemd(`${backend}: a supervisor adopts it and brings it back`, async (systemd) => {
    const person = await systemd.person()
    const port = freePort()
    const words = ['--command', server, '--port', String(port), '--restart', 'always', '--backend', backend]
    expect((await person.ports('edit', 'Web', ...words)).err).toBe('')
    expect((await person.ports('up')).code).toBe(0)
    expect((await person.ports('service', 'install')).code).toBe(0)
    const first = (await state(person)).pids[0] ?? 0
    expect((await systemd.run(['kill', '-KILL', String(first)])).code).toBe(0)
    const second = await until(async () => {
      const [pid = 0] = (await state(person)).pids
      return pid && pid !== first ? pid : 0
    }, 'the service is back')
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello')
    expect((await systemd.run(['kill', '-KILL', String(second)])).code).toBe(0)
    await until(async () => {
      const [pid = 0] = (await state(person)).pids
      return pid && pid !== second
    }, 'the service is back again')
    expect((await person.ports('service', 'uninstall')).code).toBe(0)
    expect((await person.ports('down')).code).toBe(0)
    const units = await person.run([
      'systemctl',
      '--user',
      'list-units',
      '--all',
      '--plain',
      '--no-legend',
      'iza-ports-run-*',
    ])
    expect(units.out.trim()).toBe('')
  })
}

withSystemd('where no manager of the user runs this is told, and what to do instead', async (systemd) => {
  const person = await systemd.person()
  person.environment['XDG_RUNTIME_DIR'] = join(person.home, 'nowhere')
  const { code, err } = await person.ports('start', 'Web', String(freePort()), server, '--backend', 'systemd')
  expect([code, err]).toEqual([3, expect.stringContaining('Web cannot be started by systemd: ')])
  expect(err).toContain('--backend processes')
  expect((await person.json<{ services: unknown[] }>('list')).services).toEqual([])
})
