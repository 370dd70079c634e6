import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RegistryStore } from '../../operations/world.ts'
import { commit, commitOf, problemOf, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { times } from '../history/length.ts'
import { newSeed } from '../history/random.ts'
import { settle } from '../history/settle.ts'
import { storm } from '../history/storm.ts'
import { underFire } from '../history/under-fire.ts'
import type { Strike } from '../history/under-fire.ts'
import { startWatcher } from '../history/watcher.ts'
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

    function report(what: string, { gaps, ...settled }: Awaited<ReturnType<typeof underFire>>): void {
      const { acknowledged, unanswered, happened } = settled
      console.log(
        `${gaps.length} ${what}: ${acknowledged} commits, ${unanswered} without an answer of which ${happened} had happened, ` +
          `claims again after ${gaps.join(', ')} ms`,
      )
      expect(acknowledged).toBeGreaterThan(gaps.length)
    }

    const killLeader =
      (signal: 'SIGKILL' | 'SIGTERM'): Strike =>
      async () => {
        const leader = await cluster.leader()
        await leader.kill(signal)
        return leader.start
      }

    test('keeps every promise when the leader is killed again and again under contention', async () => {
      const strikes = Array.from({ length: times(3, 20) }, (_, index) => killLeader(index % 2 ? 'SIGTERM' : 'SIGKILL'))
      report('leaders killed', await underFire(() => open('leader'), strikes))
    }, 900_000)

    test('keeps every promise when the leader is stopped and goes on later, with what it was about to do', async () => {
      const stopLeader: Strike = async () => {
        const leader = await cluster.leader()
        leader.signal('SIGSTOP')
        return async () => leader.signal('SIGCONT')
      }
      report('leaders stopped', await underFire(() => open('stopped'), Array(times(2, 10)).fill(stopLeader)))
    }, 900_000)

    test('keeps every promise when all members are killed at once and come back', async () => {
      const killAll: Strike = async () => {
        await Promise.all(cluster.members.map((member) => member.kill('SIGKILL')))
        return async () => void (await Promise.all(cluster.members.map((member) => member.start())))
      }
      report('clusters killed', await underFire(() => open('all'), Array(times(1, 5)).fill(killAll), 'first'))
    }, 900_000)

    test('keeps every promise of programs that are killed while they write', async () => {
      const attempts = await storm(cluster.url('storm'), times(16, 100), newSeed())
      const watcher = startWatcher(open('storm'))
      const { acknowledged, unanswered, happened } = await settle(open('storm'), attempts, watcher)
      console.log(`${acknowledged} commits, ${unanswered} cut off by the kill of which ${happened} had happened`)
    }, 900_000)

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
