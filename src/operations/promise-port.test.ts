import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { port } from '../core/port.ts'
import { systemClock } from '../machine/clock.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { promisePort } from './promise-port.ts'
import type { World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'iza-ports-promise-'))
const registry = openSqliteStore({ path: join(folder, 'registry.db'), host: 'box' })
afterAll(async () => {
  await registry.close()
  rmSync(folder, { recursive: true, force: true })
})

test('fifty services that are new at the same moment are all promised their ports, and one that may not have its port stops nobody', async () => {
  const world = { host: 'box', registry, clock: systemClock(() => 'boot'), newId: () => crypto.randomUUID() }
  const asked = Array.from({ length: 50 }, (_, index) => ({
    name: `S${index}`,
    port: port(3000 + (index % 49)),
    protocol: 'tcp' as const,
  }))
  const outcomes = await Promise.allSettled(asked.map((one) => promisePort(world as unknown as World, one)))
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect((await registry.read()).allocations.map((one) => Number(one.port))).toEqual(
    Array.from({ length: 49 }, (_, index) => 3000 + index),
  )
})
