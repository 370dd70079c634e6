import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'
import { findEngine, image, isOpen, startEngine, until } from './engine.fixture.ts'
import type { Engine } from './engine.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const found = findEngine()

describe.skipIf(found.why !== '')(`the fourth command${found.why && ` (skipped: ${found.why})`}`, () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(found)
  }, 120_000)
  afterAll(async () => {
    await engine.stop()
  }, 60_000)

  test('from an empty home a project whose ports clash comes up on the ports of the document, and its old ones stay closed', async () => {
    const person = new Person(engine.environment)
    // Somebody listens on the port that the project wants.
    const squatter = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    const [cacheOld, web, cache] = [freePort(), freePort(), freePort()]
    const folder = join(person.home, 'shop')
    mkdirSync(folder)
    const at = (...words: string[]) => person.run([binary, ...words], folder)
    const listen = (port: number): string =>
      `image: ${image}\n    command: [busybox, httpd, -f, -p, "${port}"]\n    stop_grace_period: 0s`
    const project = (published: number): string => `services:
  web:
    ${listen(80)}
    ports: ["127.0.0.1:${published}:80"]
  cache:
    ${listen(6379)}
    ports: ["127.0.0.1:${cacheOld}:6379"]
`
    writeFileSync(join(folder, 'docker-compose.yml'), project(squatter.port))
    writeFileSync(
      join(person.home, 'ports.md'),
      `| Service | Port | Description |\n| --- | --- | --- |\n| Web | ${web} | the shop |\n| Redis Cache | ${cache} | sessions |\n| Billing | ${cacheOld} | invoices |\n`,
    )
    // Typed as the user's document has it.
    const compose = (...words: string[]) =>
      person.run(['docker-compose', '-f', 'docker-compose.yml', '-f', 'docker-compose.override.yml', ...words], folder)
    try {
      expect((await person.ports('import', 'ports.md')).code).toBe(0)
      expect((await person.ports('check')).out).not.toContain('error')
      const before = await at('compose', 'check')
      expect(before.out).toContain(`web publishes ${squatter.port}/tcp, which is held by`)
      expect(before.out).toContain(`(pid ${process.pid})`)
      expect(before.out).toContain(`cache publishes ${cacheOld}/tcp, which belongs to Billing`)
      expect([before.code, before.out]).toEqual([1, expect.not.stringContaining('No engine answered')])

      const written = await at('compose')
      expect([written.code, written.out]).toEqual([
        0,
        expect.stringMatching(/Merged by our reader and docker-compose 2\.\d+\.\d+/),
      ])
      const free = await at('compose', 'check')
      expect([free.code, free.out]).toEqual([0, expect.stringContaining('shop would get all its 2 ports.')])

      const up = await compose('up', '-d', '--pull', 'never')
      if (up.code !== 0) throw new Error(up.err)
      await until(async () => (await isOpen(web)) && (await isOpen(cache)), 'the project listens')
      expect(await isOpen(cacheOld)).toBe(false)

      const running = await at('compose', 'check')
      expect([running.code, running.out]).toEqual([0, expect.stringContaining('shop would get all its 2 ports.')])
      const other = join(person.home, 'blog')
      mkdirSync(other)
      writeFileSync(
        join(other, 'compose.yaml'),
        `services:\n  web:\n    ${listen(80)}\n    ports: ["127.0.0.1:${web}:80"]\n`,
      )
      const clash = await person.run([binary, 'compose', 'check'], other)
      expect([clash.code, clash.out]).toEqual([
        1,
        expect.stringContaining(`web publishes ${web}/tcp, which the container of shop/web has`),
      ])
    } finally {
      squatter.stop(true)
      await compose('down', '-t', '0')
    }
    expect([await isOpen(web), await isOpen(cache)]).toEqual([false, false])
  }, 300_000)
})
