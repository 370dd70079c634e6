import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { clashes } from '../contract/overlapping.ts'
import { openEtcdStore } from '../etcd.ts'
import { binaries, startCluster } from './etcd.fixture.ts'
import type { Measured } from '../children/claimer.ts'

setDefaultTimeout(90_000)
const programs = 8
const turns = 30

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(name, () => {
    test('serves eight programs at once with hardly more than one question for each commit', async () => {
      const cluster = await startCluster(path ?? '', 3)
      try {
        const measured = await claimTogether(cluster.url('programs'))
        const sum = (of: (one: Measured) => number): number => measured.reduce((total, one) => total + of(one), 0)
        const rate = sum(({ claims, seconds }) => claims / seconds).toFixed(0)
        const trips = sum(({ asked }) => asked) / sum(({ commits }) => commits)
        console.log(`${rate} claims/s beside their releases, ${trips.toFixed(2)} round trips a commit`)
        expect(trips).toBeLessThan(1.3)
        const store = openEtcdStore(cluster.url('programs'))
        const { allocations } = await store.read()
        expect(clashes(allocations)).toEqual([])
        expect(allocations).toHaveLength(programs * (turns - turns / 3))
        await store.close()
      } finally {
        await cluster.dispose()
      }
    })
  })
}

async function claimTogether(url: string): Promise<Measured[]> {
  const script = fileURLToPath(new URL('../children/claimer.ts', import.meta.url))
  const children = Array.from({ length: programs }, (_, index) =>
    Bun.spawn([process.execPath, script, url, `p${index}`, String(turns)], { stdin: 'pipe', stdout: 'pipe' }),
  )
  const readers = children.map(({ stdout }) => stdout.getReader())
  // The first that each says is that it is ready.
  await Promise.all(readers.map((reader) => reader.read()))
  for (const { stdin } of children) await stdin.end()
  return Promise.all(readers.map(async (reader) => JSON.parse(new TextDecoder().decode((await reader.read()).value))))
}
