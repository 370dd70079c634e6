import { allocate, putService } from '../src/store/contract/changes.ts'
import { openEtcdStore } from '../src/store/etcd.ts'
import { binaries, startCluster } from '../src/store/etcd/etcd.fixture.ts'
import { timesOf } from './measure.ts'
import { below, heading, line } from './print.ts'

const allocations = 100

/** How reading one host and claiming on it grow with the number of hosts, each with a hundred allocations, in one etcd. */
export async function measureFleet(): Promise<void> {
  const newest = binaries.findLast(({ path }) => path !== null)
  heading(`a fleet in one ${newest?.name ?? 'etcd'}, ${allocations} allocations a host`)
  if (!newest?.path) return
  const cluster = await startCluster(newest.path, 1, true)
  const first: number[] = []
  try {
    let hosts = 0
    const writer = openEtcdStore(cluster.url('fleet'))
    for (const size of [10, 100, 1_000]) {
      for (; hosts < size; hosts++) await addHost(writer, `host${hosts}`)
      const reads: number[] = []
      const claims: number[] = []
      let asked = 0
      const count = watchFetches(() => asked++)
      for (let turn = 0; turn < 21; turn++) {
        const host = `host${(turn * 37) % size}`
        // Another program each time: nothing is known beforehand.
        const store = openEtcdStore(cluster.url('fleet'))
        const begin = performance.now()
        await store.read({ host })
        reads.push(performance.now() - begin)
        asked = 0
        const between = performance.now()
        const id = `new ${size} ${turn}`
        const wanted = Array.from({ length: 16 }, (_, index) => 3_090 + index + turn)
        await store.commit({ id, at: '', changes: [putService(id, { host }), allocate(id, wanted, { id, host })] })
        claims.push(performance.now() - between)
        first.push(asked)
        await store.close()
      }
      count.end()
      below(`${size} hosts: reading one host`, timesOf(reads).median, 'ms', 100)
      line(`${size} hosts: one claim`, `${timesOf(claims).median.toFixed(2)} ms`)
      below(`${size} hosts: round trips a claim`, first.reduce((sum, one) => sum + one, 0) / first.length, '', 1.3)
      first.length = 0
    }
    await writer.close()
  } finally {
    await cluster.dispose()
  }
}

async function addHost(store: ReturnType<typeof openEtcdStore>, host: string): Promise<void> {
  const services = Array.from({ length: allocations }, (_, index) => `s${index}`)
  const changes = services.flatMap((name, index) => [
    putService(name, { host }),
    allocate(name, [3_000 + index], { id: `${host} ${name}`, host }),
  ])
  await store.commit({ id: `add ${host}`, at: '', changes })
}

function watchFetches(each: () => void): { end: () => void } {
  const itself = globalThis.fetch
  const counting = (...request: Parameters<typeof fetch>): ReturnType<typeof fetch> => {
    each()
    return itself(...request)
  }
  globalThis.fetch = Object.assign(counting, { preconnect: itself.preconnect })
  return { end: () => void (globalThis.fetch = itself) }
}
