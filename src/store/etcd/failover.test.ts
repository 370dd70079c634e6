import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { commit, commitOf, problemOf, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { moment } from '../history/attempt.ts'
import type { Attempt } from '../history/attempt.ts'
import { times } from '../history/length.ts'
import { newSeed, randomFrom } from '../history/random.ts'
import { settle } from '../history/settle.ts'
import { startWatcher } from '../history/watcher.ts'
import { remember, write } from '../history/writing.ts'
import { binaries, startCluster, waitFor } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'

setDefaultTimeout(90_000)

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(name, () => {
    let cluster: Cluster
    const opened: RegistryStore[] = []
    const open = (prefix: string): RegistryStore => {
      const store = openEtcdStore(cluster.url(prefix))
      opened.push(store)
      return store
    }
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 3)
    })
    afterAll(async () => {
      for (const store of opened) await store.close()
      await cluster?.dispose()
    })

    test('keeps every promise when the leader is killed again and again under contention', async () => {
      const seed = newSeed()
      const store = open('leader')
      const state = { stopped: false }
      const watcher = startWatcher(open('leader'))
      const attempts: Attempt[] = []
      const writers = Array.from({ length: 6 }, (_, index) =>
        write(open('leader'), `w${index}`, randomFrom(seed + index), () => state.stopped, remember(attempts)),
      )
      const gaps: number[] = []
      for (let loss = 0; loss < times(3, 20); loss++) {
        const signal = loss % 2 ? 'SIGTERM' : 'SIGKILL'
        await Bun.sleep(500)
        const leader = await cluster.leader()
        const killed = moment()
        await leader.kill(signal)
        // What was on its way may still be acknowledged; what was asked for afterwards needs a new leader.
        const resumed = (): Attempt | undefined =>
          attempts.find(({ asked, outcome }) => asked > killed && outcome.kind === 'done')
        await waitFor(() => resumed() !== undefined, 60_000)
        gaps.push(Math.round((resumed()?.ended ?? 0) - killed))
        await leader.start()
      }
      state.stopped = true
      await Promise.all(writers)
      const { acknowledged, unanswered, happened } = await settle(store, attempts, watcher)
      console.log(
        `${gaps.length} leaders lost, ${acknowledged} commits, ${unanswered} without an answer of which ${happened} had happened`,
      )
      console.log(`claims again after ${gaps.join(', ')} ms`)
      expect(acknowledged).toBeGreaterThan(30)
    }, 600_000)

    test('says within three seconds that there is no quorum, and works again when it is back', async () => {
      const store = open('quorum')
      await commit(store, putService('A'))
      const [first, second] = cluster.members
      await first?.kill('SIGKILL')
      await second?.kill('SIGKILL')
      const asked = commitOf([putService('B')])
      for (const attempt of [() => store.read(), () => store.commit(asked)]) {
        const begin = performance.now()
        expect(['unavailable', 'ambiguous']).toContain((await problemOf(attempt())).code)
        // The promise is to the person who waits, so here the time is the behaviour.
        expect(performance.now() - begin).toBeLessThan(3_000)
      }
      await Promise.all([first?.start(), second?.start()])
      await waitFor(async () => (await revisionOf(store)) >= 1)
      await commit(store, putService('C'))
      // Whether the change happened was not known; asked again by its id it has happened once.
      const answer = await store.commit(asked)
      expect(await store.commit(asked)).toEqual(answer)
      const { revision, services } = await store.read()
      expect(revision).toBe(3)
      expect(services.map(({ name: service }) => service).toSorted()).toEqual(['A', 'B', 'C'])
    })
  })
}

/** -1 while nobody answers. */
async function revisionOf(store: RegistryStore): Promise<number> {
  try {
    return (await store.read()).revision
  } catch {
    return -1
  }
}
