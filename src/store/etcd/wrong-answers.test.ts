import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { allocate, commit, commitOf, problemOf, putService, release } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { ask, binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'
import { startGateway } from './gateway.fixture.ts'
import type { Treatment } from './gateway.fixture.ts'
import { encoded } from './wire.ts'

setDefaultTimeout(60_000)

const stopped = { status: 503, body: JSON.stringify({ code: 14, message: 'etcdserver: server stopped' }) }
const answers: Readonly<Record<string, Omit<Exclude<Treatment, 'pass'>, 'reaches'>>> = {
  'says that it was stopped': stopped,
  'has nothing to say': { status: 502, body: '' },
  'breaks off in the middle': { status: 200, body: '{"header":{"revi' },
}

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(`a member that answers a write wrongly, ${name}`, () => {
    let cluster: Cluster
    const endpoint = (): string => cluster.members[0]?.endpoint ?? ''
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    })
    afterAll(async () => cluster?.dispose())

    for (const [index, [words, answer]] of Object.entries(answers).entries()) {
      test(`and ${words}: the commit is found out to be made, or made once`, async () => {
        let left: boolean[] = []
        const gateway = startGateway(endpoint(), (body) => {
          const reaches = body.includes('request_put') ? left.shift() : undefined
          return reaches === undefined ? 'pass' : { ...answer, reaches }
        })
        const store = openEtcdStore(cluster.url(`wrong/${index}`, [gateway.host]))
        await commit(store, putService('A'))
        for (const reaches of [true, false]) {
          left = [reaches]
          const asked = commitOf([allocate('A', [3000, 3001], { id: `${reaches}` })])
          const answered = await store.commit(asked)
          expect(answered.allocations).toMatchObject([{ port: reaches ? 3000 : 3001 }])
          expect(await store.commit(asked)).toEqual(answered)
        }
        expect((await store.read()).revision).toBe(3)
        await store.close()
        await gateway.dispose()
      })
    }

    test('and hands it on much later: nobody was told that nothing happens', async () => {
      let held = ''
      const other = openEtcdStore(cluster.url('late'))
      const gateway = startGateway(endpoint(), async (body) => {
        if (!body.includes(encoded('late')) || !body.includes('request_put')) return 'pass'
        held = body
        // Before the answer is there somebody else takes what was asked for.
        await commit(other, allocate('B', [3002], { id: 'faster' }))
        return { ...stopped, reaches: false }
      })
      const store = openEtcdStore(cluster.url('late', [gateway.host]))
      await commit(store, putService('A'), putService('B'))
      const asked = commitOf([allocate('A', [3002])], { id: 'late' })
      expect((await problemOf(store.commit(asked))).code).toBe('ambiguous')
      await commit(other, release('faster', 2))
      await ask(endpoint(), '/v3/kv/txn', JSON.parse(held))
      expect((await other.read()).allocations).toMatchObject([{ id: 'of A', port: 3002, fence: 4 }])
      await store.close()
      await other.close()
      await gateway.dispose()
    })

    test('and cannot make it happen any more once it was asked for by its id', async () => {
      let held = ''
      const gateway = startGateway(endpoint(), (body) => {
        if (held !== '' || !body.includes(encoded('held')) || !body.includes('request_put')) return 'pass'
        held = body
        return { ...stopped, reaches: false }
      })
      const store = openEtcdStore(cluster.url('held', [gateway.host]))
      await commit(store, putService('A'))
      const answer = await store.commit(commitOf([allocate('A', [3000])], { id: 'held' }))
      expect(await ask(endpoint(), '/v3/kv/txn', JSON.parse(held))).not.toBeNull()
      expect(await store.read()).toMatchObject({ revision: answer.revision, allocations: answer.allocations })
      await store.close()
      await gateway.dispose()
    })
  })
}
