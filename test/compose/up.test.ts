import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { host, registryOf } from '../../src/core/compose-plan.fixture.ts'
import { planCompose } from '../../src/core/compose-plan.ts'
import { readCase } from '../../src/formats/compose/compose.fixture.ts'
import { writeOverride } from '../../src/formats/compose/write-override.ts'
import { writeStandalone } from '../../src/formats/compose/write-standalone.ts'
import { findEngine, image, isOpen, startEngine, until } from './engine.fixture.ts'
import type { Engine } from './engine.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const found = findEngine()

describe.skipIf(found.why !== '')(`a real engine${found.why && ` (skipped: ${found.why})`}`, () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(found)
  }, 60_000)
  afterAll(async () => {
    await engine.stop()
  }, 60_000)

  const projects = ['override', 'standalone'] as const
  test.each(projects)(
    'opens the ports of the registry and closes the old ones: %s',
    async (how) => {
      const [webOld, cacheOld, webNew, cacheNew, apart] = [freePort(), freePort(), freePort(), freePort(), freePort()]
      const listen = (port: number): string =>
        `image: ${image}\n    command: [busybox, httpd, -f, -p, "${port}"]\n    stop_grace_period: 0s`
      const text = `services:
  web:
    ${listen(80)}
    ports: ["127.0.0.1:${webOld}:80"]
  cache:
    ${listen(6379)}
    ports:
      - target: 6379
        published: \${CACHE_PORT:-${cacheOld}}
        host_ip: 127.0.0.1
  other:
    ${listen(80)}
    ports: ["127.0.0.1:${apart}:80"]
`
      const folder = join(engine.folder, `project-${how}`)
      mkdirSync(folder)
      writeFileSync(join(folder, 'docker-compose.yml'), text)
      const original = ['-p', how, '-f', join(folder, 'docker-compose.yml')]
      const up = async (words: readonly string[]): Promise<void> => {
        const { code, stderr } = await engine.compose(...words, 'up', '-d', '--pull', 'never')
        if (code !== 0) throw new Error(stderr)
      }
      const open = async (): Promise<number[]> => {
        const ports = [webOld, cacheOld, webNew, cacheNew, apart]
        const answers = await Promise.all(ports.map(isOpen))
        return ports.filter((_, index) => answers[index])
      }
      try {
        await up(original)
        await until(async () => (await open()).length === 3, 'the project listens')
        expect(await open()).toEqual([webOld, cacheOld, apart])

        const { project, merged } = await readCase({ files: {}, use: ['docker-compose.yml'] }, folder)
        const plan = planCompose(project, registryOf({ Web: [webNew], 'Redis Cache': [cacheNew] }), host)
        const file = join(folder, `${how}.yml`)
        writeFileSync(file, how === 'override' ? (writeOverride(plan) ?? '') : writeStandalone(merged, plan))
        await up(how === 'override' ? [...original, '-f', file] : ['-p', how, '-f', file])
        await until(async () => (await open()).length === 3, 'the project listens again')
        expect(await open()).toEqual([webNew, cacheNew, apart])
        // The engine's proxy listens before the program inside does.
        await until(() => answersHttp(webNew), 'the program inside answers')
      } finally {
        await engine.compose(...original, 'down', '-t', '0')
      }
      expect(await open()).toEqual([])
    },
    120_000,
  )
})

async function answersHttp(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/none`).then(
    ({ status }) => status === 404,
    () => false,
  )
}
