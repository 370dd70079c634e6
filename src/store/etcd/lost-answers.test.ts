import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, commitOf, putRange, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { times } from '../history/length.ts'
import { newSeed, randomFrom } from '../history/random.ts'
import { keptCommits } from '../kept-commits.ts'
import { EtcdClient } from './client.ts'
import { ask, binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'
import { Keys } from './keys.ts'
import { prune } from './log.ts'
import { startProxy } from './proxy.fixture.ts'
import type { Fate } from './proxy.fixture.ts'
import { parseEtcdUrl } from './url.ts'
import { encoded } from './wire.ts'

setDefaultTimeout(90_000)

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(name, () => {
    let cluster: Cluster
    const target = (): string => cluster.members[0]?.host ?? ''
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    })
    afterAll(async () => cluster?.dispose())

    async function through(
      prefix: string,
      fates: Parameters<typeof startProxy>[1],
      run: (store: RegistryStore) => Promise<void>,
    ): Promise<void> {
      const proxy = await startProxy(target(), fates)
      const store = openEtcdStore(cluster.url(prefix, [proxy.host]))
      try {
        await run(store)
      } finally {
        await store.close()
        await proxy.dispose()
      }
    }

    test('finds out what became of forty commits whose answer was cut off, and of forty that were cut off on their way', async () => {
      const random = randomFrom(newSeed())
      const writing = new Set<number>()
      let cut: 'answer' | 'request' | null = null
      let cuts = 0
      const sever = (data: Buffer): Fate => {
        cut = null
        cuts++
        return { cutAfter: Math.floor(random() * data.length) }
      }
      const up = (data: Buffer, connection: number): Fate => {
        const isWrite = data.includes('POST /v3/kv/txn') && data.includes('request_put')
        if (isWrite) writing.add(connection)
        else writing.delete(connection)
        return isWrite && cut === 'request' ? sever(data) : 'pass'
      }
      const down = (data: Buffer, connection: number): Fate =>
        writing.has(connection) && cut === 'answer' ? sever(data) : 'pass'
      await through('cut', { up, down }, async (store) => {
        await commit(store, putService('A'))
        for (let turn = 1; turn <= 80; turn++) {
          cut = turn % 2 ? 'answer' : 'request'
          const asked = commitOf([allocate('A', [3000, 2999 + turn], { id: `${turn}` })])
          const answer = await store.commit(asked)
          expect(cut).toBeNull()
          expect(answer).toMatchObject({
            revision: turn + 1,
            allocations: [{ id: `${turn}`, port: 2999 + turn, fence: turn + 1 }],
          })
          expect(await store.commit(asked)).toEqual(answer)
        }
        expect(cuts).toBe(80)
        expect((await store.read()).allocations).toHaveLength(80)
      })
    })

    const commits = times(1_000, 10_000)
    test('misses none of thousands of commits although its connection is cut at random bytes', async () => {
      const random = randomFrom(newSeed())
      let cuts = 0
      const down = (data: Buffer): Fate => {
        if (random() > 0.1) return 'pass'
        cuts++
        return { cutAfter: Math.floor(random() * data.length) }
      }
      const writer = openEtcdStore(cluster.url('stream'))
      await through('stream', { down }, async (store) => {
        const abort = new AbortController()
        const seen: string[] = []
        const watching = (async () => {
          for await (const event of store.watch(0, abort.signal)) {
            const effect = event.kind === 'commit' ? event.effects[0] : undefined
            seen.push(`${event.revision} ${effect?.row === 'range' ? effect.after?.purpose : event.kind}`)
            if (event.revision === commits) abort.abort()
          }
        })()
        for (let number = 1; number <= commits; number++) await commit(writer, putRange('Web', 3000, 3099, `${number}`))
        await watching
        console.log(`cut ${cuts} times, ${seen.length} commits seen, none missed`)
        expect(cuts).toBeGreaterThan(20)
        expect(seen).toEqual(Array.from({ length: commits }, (_, index) => `${index + 1} ${index + 1}`))
      })
      await writer.close()
    })

    test('misses nothing when etcd has compacted its own history', async () => {
      const store = openEtcdStore(cluster.url('compacted'))
      for (let number = 1; number <= 20; number++) await commit(store, putRange('Web', 3000, 3099, `${number}`))
      const status = await ask(cluster.members[0]?.endpoint ?? '', '/v3/kv/range', { key: 'AA==' })
      const { revision = '0' } = (status?.header ?? {}) as { revision?: string }
      await ask(cluster.members[0]?.endpoint ?? '', '/v3/kv/compaction', { revision, physical: true })
      const revisions: number[] = []
      for await (const event of store.watch(5, new AbortController().signal)) {
        expect(event.kind).toBe('commit')
        revisions.push(event.revision)
        if (event.revision === 20) break
      }
      expect(revisions).toEqual(Array.from({ length: 15 }, (_, index) => index + 6))
      await store.close()
    })

    test('takes away the records of commits that are too old, and no others', async () => {
      const url = parseEtcdUrl(cluster.url('old'))
      const keys = new Keys(url.prefix)
      const newest = 128 * Math.ceil((keptCommits + 100) / 128)
      const numbers = Array.from({ length: 200 }, (_, index) => newest - keptCommits - 149 + index)
      const endpoint = cluster.members[0]?.endpoint ?? ''
      for (const number of numbers) {
        for (const [key, value] of [
          [keys.number(number), `c${number}`],
          [keys.commit(`c${number}`), 'record'],
        ] as const) {
          await ask(endpoint, '/v3/kv/put', { key: encoded(key), value: encoded(value) })
        }
      }
      const client = new EtcdClient(url)
      await prune(client, keys, newest + 1, performance.now() + 5_000)
      expect(await countUnder(endpoint, keys.numbers)).toBe(200)
      await prune(client, keys, newest, performance.now() + 5_000)
      expect(await countUnder(endpoint, keys.numbers)).toBe(50)
      expect(await countUnder(endpoint, keys.commits)).toBe(50)
      const oldest = await ask(endpoint, '/v3/kv/range', { key: encoded(keys.number(newest - keptCommits + 1)) })
      expect(oldest).toMatchObject({ count: '1' })
    })
  })
}

async function countUnder(endpoint: string, prefix: string): Promise<number> {
  const end = `${prefix.slice(0, -1)}0`
  const answer = await ask(endpoint, '/v3/kv/range', {
    key: encoded(prefix),
    range_end: encoded(end),
    count_only: true,
  })
  return Number(answer?.count ?? 0)
}
