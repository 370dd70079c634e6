import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Board } from '../../src/operations/board.ts'
import type { Kill } from '../../src/operations/kill/kill.ts'
import type { Who } from '../../src/operations/who.ts'
import { Person } from '../ports.fixture.ts'
import { findEngine, image, startEngine, until } from './engine.fixture.ts'
import type { Engine } from './engine.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const found = findEngine()
const why = found.why && ` (skipped: ${found.why})`

describe.skipIf(found.why !== '').each(['true', 'false'])(
  `containers of a real engine, userland-proxy=%s${why}`,
  (proxy) => {
    const [web, mute, inner] = [freePort(), freePort(), freePort()]
    let engine: Engine
    const person = new Person()
    let project: string[]

    beforeAll(async () => {
      engine = await startEngine(found, { 'userland-proxy': proxy })
      const folder = join(engine.folder, 'shop')
      mkdirSync(folder)
      const service = (command: string, published: number): string =>
        `    image: ${image}\n    command: ${command}\n    stop_grace_period: 0s\n    restart: always\n    ports: ["127.0.0.1:${published}:80"]\n`
      writeFileSync(
        join(folder, 'compose.yaml'),
        `services:\n  web-shop:\n${service('[busybox, httpd, -f, -p, "80"]', web)}  mute:\n${service('[busybox, sleep, "600"]', mute)}  inner:\n${service('[busybox, httpd, -f, -p, "127.0.0.1:80"]', inner)}`,
      )
      project = ['-p', 'shop', '-f', join(folder, 'compose.yaml')]
      const { code, stderr } = await engine.compose(...project, 'up', '-d', '--pull', 'never')
      if (code !== 0) throw new Error(stderr)
      person.environment['DOCKER_HOST'] = `unix://${engine.folder}/engine.sock`
      for (const [name, port] of [
        ['Web Shop', web],
        ['Mute', mute],
        ['Inner', inner],
      ] as const)
        await person.ports('reserve', name, String(port))
    }, 120_000)

    afterAll(async () => {
      await engine.compose(...project, 'down', '-t', '0')
      await engine.stop()
    }, 120_000)

    const story = async (port: number) => (await person.json<Who>('who', String(port))).ports[0]

    test('a published port is its container, with image, project and service', async () => {
      // The program inside begins a moment after the container.
      await until(async () => (await story(web))?.containers[0]?.inside === 'listens', 'the program inside listens')
      const told = await story(web)
      const container = {
        engine: 'docker',
        name: 'shop-web-shop-1',
        image,
        project: 'shop',
        service: 'web-shop',
      } as const
      expect(told?.containers).toEqual([
        { ...container, address: '127.0.0.1', protocol: 'tcp', target: 80, inside: 'listens' },
      ])
      expect(told?.allocations).toMatchObject([
        { verdict: 'active', by: 'container', evidence: { name: container.name } },
      ])
      for (const listener of told?.listeners ?? []) expect(listener.container).toEqual(container)
      // The engine was started in the folder of a project, which is not the container's.
      for (const holder of told?.holders ?? []) expect(holder).toMatchObject({ project: null, checkout: null })
      expect(told?.next.map(({ command }) => command)).toEqual([
        'docker stop shop-web-shop-1',
        'docker logs --tail 50 shop-web-shop-1',
      ])
      const { out } = await person.ports('who', String(web))
      expect(out).toContain(`belongs to Web Shop: active, its engine says so (shop-web-shop-1)`)
      expect(out).toContain(
        `container shop-web-shop-1 (service web-shop of shop, ${image}): tcp 127.0.0.1 leads to its port 80, where it listens`,
      )
    })

    test('a container that is up while nobody listens inside, or only on its loopback, is silent', async () => {
      await until(async () => (await story(inner))?.containers[0]?.inside === 'loopback', 'the program inside listens')
      expect((await story(inner))?.allocations[0]?.verdict).toBe('silent')
      expect((await story(mute))?.containers).toMatchObject([{ inside: 'nobody', service: 'mute' }])
      expect((await story(mute))?.allocations[0]?.verdict).toBe('silent')
    })

    test('the board shows the containers with the same verdicts', async () => {
      const { services } = await person.json<Board>('status')
      const seen = new Set(services.map(({ name, verdict, container }) => `${name} ${verdict} ${container?.service}`))
      expect(seen).toEqual(new Set(['Web Shop active web-shop', 'Mute silent mute', 'Inner silent inner']))
      expect((await person.ports()).out).toContain(`container shop-web-shop-1 (service web-shop of shop, ${image})`)
    })

    test('a listener in the namespace of the container is not on this port, and is named', async () => {
      const told = await story(80)
      expect(told?.namespaces?.others.filter(({ listens }) => listens).length).toBeGreaterThanOrEqual(2)
      expect(told?.containers).toEqual([])
    })

    test('a kill of its port stops the container through its engine, which does not start it again', async () => {
      const planned = await person.json<Kill>('kill', String(web), '--dry-run')
      expect(planned.ports).toMatchObject([
        { outcome: 'would-free', ended: [], refused: [], acts: [{ by: 'engine' }], tier: 'safe' },
      ])
      const { ports } = await person.json<Kill>('kill', String(web), '--plan', planned.plan ?? '')
      expect(ports).toMatchObject([{ outcome: 'freed', heldBy: [] }])
      expect((await story(web))?.containers).toEqual([])
      // It publishes its port while nobody listens there, for which the kernel alone may be enough.
      const { out } = await person.ports('kill', String(mute))
      expect(out).toContain(`${mute} is free.\n  stop the container shop-mute-1 (${image}) through docker`)
      expect(await person.json<Kill>('kill', String(mute))).toMatchObject({
        plan: null,
        ports: [{ outcome: 'already-free' }],
      })
    })
  },
)
