import { afterAll, beforeAll, describe } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { openEtcdStore } from '../etcd.ts'
import { describeStore } from '../store.contract.ts'
import { binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'

let count = 0

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(name, () => {
    let cluster: Cluster | null = null
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    }, 30_000)
    afterAll(async () => cluster?.dispose())

    describeStore('the etcd store', async () => {
      const url = cluster?.url(`registry/${++count}`) ?? ''
      const opened: RegistryStore[] = []
      const open = (): RegistryStore => {
        const store = openEtcdStore(url)
        opened.push(store)
        return store
      }
      const dispose = async (): Promise<void> => {
        for (const store of opened) await store.close()
      }
      return { store: open(), beside: open, dispose }
    })
  })
}
