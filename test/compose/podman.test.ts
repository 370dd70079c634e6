import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Board } from '../../src/operations/board.ts'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Who } from '../../src/operations/who.ts'
import { freePort } from '../free-port.fixture.ts'
import { Person } from '../ports.fixture.ts'
import { until } from './engine.fixture.ts'
import { findPodman, image, startPodman } from './podman.fixture.ts'
import type { Podman } from './podman.fixture.ts'

const found = findPodman()

describe.skipIf(found.why !== '')(`containers of a real Podman${found.why && ` (skipped: ${found.why})`}`, () => {
  const [web, silent] = [freePort(), freePort()]
  const person = new Person()
  let podman: Podman

  beforeAll(async () => {
    podman = await startPodman(found)
    person.environment['DOCKER_HOST'] = podman.host
    const start = async (name: string, port: number, ...command: string[]) => {
      const options = ['--detach', '--network', 'slirp4netns', '--publish', `127.0.0.1:${port}:80`, '--name', name]
      await podman.run('run', ...options, image, '/bin/busybox', ...command)
    }
    await start('web', web, 'httpd', '-f', '-p', '80')
    await start('mute', silent, 'sleep', '600')
    await person.ports('reserve', 'Web', String(web))
    await person.ports('reserve', 'Mute', String(silent))
  }, 120_000)

  afterAll(async () => {
    await podman.stop()
  }, 120_000)

  const story = async (port: number) => (await person.json<Who>('who', String(port))).ports[0]

  test('the port that rootlessport holds belongs to its container, and Podman is what ends it', async () => {
    // The program inside begins a moment after the container.
    await until(async () => (await story(web))?.containers[0]?.inside === 'listens', 'the program inside listens')
    const told = await story(web)
    const container = { engine: 'podman', name: 'web', image, project: null, service: null } as const
    expect(told?.containers).toEqual([
      { ...container, address: '127.0.0.1', protocol: 'tcp', target: 80, inside: 'listens' },
    ])
    expect(told?.holders).toMatchObject([{ name: 'rootlessport', project: null, orphan: false }])
    for (const listener of told?.listeners ?? []) expect(listener.container).toEqual(container)
    expect(told?.allocations).toMatchObject([{ verdict: 'active', by: 'container', evidence: { name: 'web' } }])
    expect(told?.next.map(({ command }) => command)).toEqual(['podman stop web', 'podman logs --tail 50 web'])
  })

  test('a container that is up while nobody listens inside is silent on the board', async () => {
    expect((await story(silent))?.containers).toMatchObject([{ name: 'mute', inside: 'nobody' }])
    const board = await person.json<Board>('status')
    const verdicts = board.services.map(({ name, verdict }) => `${name} ${verdict}`)
    expect(new Set(verdicts)).toEqual(new Set(['Web active', 'Mute silent']))
  })

  test('a kill of its port stops the container through Podman', async () => {
    const { ports } = await person.json<Kill>('kill', String(web), '--timeout', '1')
    expect(ports).toMatchObject([{ outcome: 'freed', acts: [{ by: 'engine' }], ended: [] }])
    expect((await story(web))?.listeners).toEqual([])
  })
})
