import { afterAll, beforeAll, describe } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { describeModelling } from '../contract/modelling.ts'
import { openEtcdStore } from '../etcd.ts'
import { times } from '../history/length.ts'
import { binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'

let count = 0

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(`the etcd store on ${name}`, () => {
    let cluster: Cluster | null = null
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    }, 60_000)
    afterAll(async () => cluster?.dispose())

    describeModelling(
      async () => {
        const url = cluster?.url(`model/${++count}`) ?? ''
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
      },
      times(10, 200),
    )
  })
}
