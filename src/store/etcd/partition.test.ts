import { expect, setDefaultTimeout, test } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { openEtcdStore } from '../etcd.ts'
import { times } from '../history/length.ts'
import { underFire } from '../history/under-fire.ts'
import type { Strike } from '../history/under-fire.ts'
import { binaries, startCluster } from './etcd.fixture.ts'
import { noNetwork, startNetwork } from './network.fixture.ts'

setDefaultTimeout(600_000)

for (const { name, path } of binaries) {
  const missing = path === null ? name : noNetwork
  test.skipIf(missing !== null)(
    `keeps every promise when the leader is cut off from its peers and still takes questions, on ${missing ?? name}`,
    async () => {
      const network = startNetwork()
      const opened: RegistryStore[] = []
      try {
        const cluster = await startCluster(path ?? '', 3, false, network.places)
        try {
          const cutLeader: Strike = async () => {
            const leader = await cluster.leader()
            const place = network.places[cluster.members.indexOf(leader)]
            place?.cut()
            return async () => place?.heal()
          }
          const open = (): RegistryStore => {
            const store = openEtcdStore(cluster.url('cut'))
            opened.push(store)
            return store
          }
          const { acknowledged, unanswered, happened, gaps } = await underFire(
            open,
            Array(times(2, 10)).fill(cutLeader),
          )
          console.log(
            `${gaps.length} partitions: ${acknowledged} commits, ${unanswered} without an answer of which ${happened} had happened, ` +
              `claims again after ${gaps.join(', ')} ms`,
          )
          expect(acknowledged).toBeGreaterThan(gaps.length)
        } finally {
          for (const store of opened) await store.close()
          await cluster.dispose()
        }
      } finally {
        network.dispose()
      }
    },
  )
}
