import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { commit, commitOf, problemOf, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { binaries, startCluster, waitFor } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'
import { collect, randomFrom, violations, write } from './history.fixture.ts'

setDefaultTimeout(90_000)
const seed = Number(process.env.IZA_PORTS_SEED ?? Math.floor(Math.random() * 1e9))

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
      console.log(`seed ${seed} (IZA_PORTS_SEED)`)
      const store = open('leader')
      await commit(store, putService('A'))
      let stopped = false
      const watching = new AbortController()
      const watched = collect(open('leader'), watching.signal)
      const writers = Array.from({ length: 6 }, (_, index) =>
        write(open('leader'), `w${index}`, randomFrom(seed + index), () => stopped),
      )
      const gaps: number[] = []
      for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
        await Bun.sleep(500)
        const leader = await cluster.leader()
        const before = (await store.read()).revision
        const killed = performance.now()
        await leader.kill(signal)
        // What was on its way may still be acknowledged; ten commits more need a new leader.
        await waitFor(async () => (await revisionOf(store)) > before + 10)
        gaps.push(Math.round(performance.now() - killed))
        await leader.start()
      }
      stopped = true
      const histories = await Promise.all(writers)
      const { revision } = await store.read()
      await Bun.sleep(0)
      await reaches(open('leader'), revision)
      watching.abort()
      const events = await watched
      const acknowledged = histories.reduce((sum, { acknowledged: times }) => sum + times.length, 0)
      const lost = histories.reduce((sum, { open: ids }) => sum + ids.length, 0)
      console.log(`${acknowledged} commits, ${lost} without an answer, claims again after ${gaps.join(', ')} ms`)
      expect(await violations(open('leader'), histories, events.slice(0, revision))).toEqual([])
    })

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

/** Waits until a watcher from the beginning has seen the revision. */
async function reaches(store: RegistryStore, revision: number): Promise<void> {
  for await (const event of store.watch(revision - 1, new AbortController().signal))
    if (event.revision >= revision) return
}
