import { afterAll, beforeAll, describe, expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import type { Change } from '../../core/commit.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, commitOf, move, problemOf, putRange, putService, release } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { ask, binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'
import { endOf } from './txn.ts'
import { encoded } from './wire.ts'

setDefaultTimeout(60_000)
let count = 0

/** Two programs with one registry: `here` knows what it saw last, `there` goes on. */
for (const { name, path } of binaries) {
  describe.skipIf(path === null)(`a program that knows an older state, on ${name}`, () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    })
    afterAll(async () => cluster?.dispose())

    async function onTwo(run: (here: RegistryStore, there: RegistryStore) => Promise<void>): Promise<void> {
      const url = cluster.url(`stale/${++count}`)
      const [here, there] = [openEtcdStore(url), openEtcdStore(url)]
      await commit(here, putRange('Web', 3000, 3099), putService('A'), putService('B'), allocate('A', [3000]))
      try {
        await run(here, there)
      } finally {
        await here.close()
        await there.close()
      }
    }
    const ports = ({ allocations }: { allocations: readonly { port: number }[] }): number[] =>
      allocations.map(({ port }) => port)

    test('promises nothing to a service that was removed meanwhile', () =>
      onTwo(async (here, there) => {
        await commit(there, { do: 'remove-service', host: 'box', name: 'B' })
        expect((await problemOf(commit(here, allocate('B', [3001])))).code).toBe('service-unknown')
      }))

    test('does not remove a service that was promised a port meanwhile', () =>
      onTwo(async (here, there) => {
        await here.read()
        await commit(there, allocate('B', [3001]))
        const removal = commit(here, { do: 'remove-service', host: 'box', name: 'B' })
        expect((await problemOf(removal)).code).toBe('service-has-ports')
        await commit(here, { do: 'remove-service', host: 'box', name: 'B' }, release('of B', 2))
      }))

    test('keeps to the range as it is now', () =>
      onTwo(async (here, there) => {
        await commit(there, putRange('Web', 3000, 3000))
        const problem = await problemOf(commit(here, allocate('B', [3001], { within: 'Web' })))
        expect(problem.code).toBe('out-of-range')
      }))

    test('is fenced from an allocation that was moved meanwhile', () =>
      onTwo(async (here, there) => {
        await commit(there, move('of A', 1, [3005]))
        expect((await problemOf(commit(here, move('of A', 1, [3001])))).code).toBe('fenced')
        expect((await problemOf(commit(here, release('of A', 1)))).code).toBe('fenced')
        await commit(here, release('of A', 2))
      }))

    test('gives no second port to a service that was given its only one meanwhile', () =>
      onTwo(async (here, there) => {
        const only = { ...allocate('B', [3001], { id: 'only' }), sole: true } as Change
        await commit(there, allocate('B', [3005]))
        expect((await problemOf(commit(here, only))).code).toBe('claimed-meanwhile')
        await commit(there, release('of B', 2))
        expect(ports(await commit(here, only))).toEqual([3001])
      }))

    test('does not give an id a second time', () =>
      onTwo(async (here, there) => {
        await commit(there, allocate('B', [3005], { id: 'one' }))
        expect((await problemOf(commit(here, allocate('B', [3006], { id: 'one' })))).code).toBe('fenced')
      }))

    test('takes the preferred port that was given up meanwhile, also when there was a whole list of taken ones', () =>
      onTwo(async (here, there) => {
        const taken = Array.from({ length: 90 }, (_, index) => 3001 + index)
        await commit(here, ...taken.map((port) => allocate('A', [port], { id: `${port}` })))
        await commit(there, release('3002', 2))
        expect(ports(await commit(here, allocate('B', [3000, ...taken, 3091])))).toEqual([3002])
      }))

    test('sees that it has no port left only by looking', () =>
      onTwo(async (here, there) => {
        await commit(there, release('of A', 1))
        expect(ports(await commit(here, allocate('B', [3000])))).toEqual([3000])
      }))

    test('does not take a revision that it made itself for one at which it has seen everything', () =>
      onTwo(async (here, there) => {
        await here.read()
        await commit(there, allocate('B', [3001]))
        const { revision } = await commit(here, putRange('Data', 5000, 5099))
        const late = commitOf([allocate('A', [3001, 3002], { id: 'late' })], { ifRevision: revision })
        expect(ports(await here.commit(late))).toEqual([3002])
      }))

    test('gives every commit its own number, however many came from elsewhere in between', () =>
      onTwo(async (here, there) => {
        let revision = 1
        for (let between = 0; between <= 26; between++) {
          for (let turn = 0; turn < between; turn++) await commit(there, putRange('Data', 5000, 5099, `${revision++}`))
          const answer = await commit(here, allocate('B', [4000 + between], { id: `b${between}` }))
          expect(answer).toMatchObject({ revision: ++revision, allocations: [{ fence: revision }] })
        }
        const { allocations } = await there.read()
        const fences = new Map(allocations.map(({ id, fence }) => [id, fence]))
        for await (const event of there.watch(1, new AbortController().signal)) {
          expect(event.kind).toBe('commit')
          const effect = event.kind === 'commit' ? event.effects[0] : undefined
          if (effect?.row === 'allocation') expect(fences.get(effect.key)).toBe(event.revision)
          if (event.revision === revision) break
        }
      }))

    test('attaches no lease to a claim, so that nothing but a release ends it', () =>
      onTwo(async () => {
        const prefix = `stale/${count}/`
        const span = { key: encoded(prefix), range_end: encoded(endOf(prefix)) }
        const answer = await ask(cluster.members[0]?.endpoint ?? '', '/v3/kv/range', span)
        const { kvs = [] } = answer as { kvs?: { lease?: string }[] }
        expect(kvs.length).toBeGreaterThan(5)
        expect(kvs.filter(({ lease }) => lease !== undefined)).toEqual([])
      }))

    test('writes nothing when a request arrives a second time, however late', () =>
      onTwo(async (here) => {
        const fetches = spyOn(globalThis, 'fetch')
        await commit(here)
        const body = fetches.mock.calls
          .map(([, options]) => (typeof options?.body === 'string' ? options.body : ''))
          .find((text) => text.includes('request_put'))
        fetches.mockRestore()
        expect(await ask(cluster.members[0]?.endpoint ?? '', '/v3/kv/txn', JSON.parse(body ?? ''))).not.toBeNull()
        expect((await here.read()).revision).toBe(2)
      }))

    test('asks etcd once for a claim, a move and a release, and once more where it was mistaken', () =>
      onTwo(async (here, there) => {
        const asked = async (work: () => Promise<unknown>): Promise<number> => {
          const fetches = spyOn(globalThis, 'fetch')
          await work()
          const { length } = fetches.mock.calls
          fetches.mockRestore()
          return length
        }
        expect(await asked(() => commit(here, putService('C'), allocate('C', [3000, 3001])))).toBe(1)
        expect(await asked(() => commit(here, move('of C', 2, [3002])))).toBe(1)
        expect(await asked(() => commit(here, release('of C', 3)))).toBe(1)
        await commit(there, allocate('B', [3003]))
        expect(await asked(() => commit(here, allocate('A', [3003, 3004], { id: 'a' })))).toBe(2)
        const { revision } = await there.read()
        const service = { ...putService('D') }
        expect(await asked(() => there.commit({ id: 'd', at: '', changes: [service], ifRevision: revision }))).toBe(1)
      }))
  })
}
