import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { binaries, startCluster } from '../src/store/etcd/etcd.fixture.ts'
import { encoded } from '../src/store/etcd/wire.ts'
import { claimTogether } from './claimers.ts'
import { command, interleave } from './measure.ts'
import { binary, emptyProgram, temporaryFolder } from './ports.ts'
import { below, compared, heading, line } from './print.ts'

/** Claims in SQLite: from one program, from eight, and from the command line. */
export async function measureClaims(): Promise<void> {
  heading('claims in SQLite, synchronous = FULL')
  line('yardstick: one bare INSERT in a transaction', `${bareInserts().toFixed(0)}/s`)
  for (const [programs, turns, least, most] of [
    [1, 3_000, 1_200, 0.5],
    [8, 400, 600, 4],
  ] as const) {
    const { rate, median, p99 } = await claimTogether(join(temporaryFolder(), 'registry.db'), programs, turns)
    line(`claims and releases, ${programs} programs`, `${rate.toFixed(0)}/s`, `at least ${least}/s`, rate >= least)
    below('one claim, median', median, 'ms', most)
    below('one claim, 99th percentile', p99, 'ms', 20)
  }
  const home = { IZA_PORTS_HOME: temporaryFolder() }
  let count = 0
  const fresh = { name: 'claim', run: () => command('claim', [binary, 'claim', `web${++count}`], home).run() }
  const times = await interleave(
    { fresh, again: command('again', [binary, 'claim', 'web1'], home), empty: await emptyProgram() },
    40,
  )
  below('ports claim, new, over an empty program', times.fresh.median - times.empty.median, 'ms', 15)
  below('ports claim, again, over an empty program', times.again.median - times.empty.median, 'ms', 15)
  compared('ports claim, new', times.fresh, 'empty program', times.empty)
}

/** Claims in etcd with three members on the loopback, from eight programs. */
export async function measureEtcdClaims(): Promise<void> {
  for (const { name, path } of binaries) {
    heading(`claims in ${name}, three members, eight programs`)
    if (path === null) continue
    const cluster = await startCluster(path, 3)
    try {
      const leader = await cluster.leader()
      line('yardstick: bare puts, eight at a time', `${(await barePuts(leader.endpoint)).toFixed(0)}/s`)
      const { rate, tripsPerCommit, median } = await claimTogether(cluster.url('claims'), 8, 90)
      line('claims and releases', `${rate.toFixed(0)}/s, median ${median.toFixed(1)} ms`, 'at least 180/s', rate >= 180)
      below('round trips a claim', tripsPerCommit, '', 1.3)
    } finally {
      await cluster.dispose()
    }
  }
}

function bareInserts(): number {
  const database = new Database(join(temporaryFolder(), 'bare.db'))
  database.run('PRAGMA journal_mode = WAL')
  database.run('PRAGMA synchronous = FULL')
  database.run('CREATE TABLE t (a)')
  const begin = performance.now()
  const turns = 1_000
  for (let turn = 0; turn < turns; turn++) database.run('INSERT INTO t VALUES (?)', ['x'.repeat(500)])
  database.close()
  return (1000 * turns) / (performance.now() - begin)
}

async function barePuts(endpoint: string): Promise<number> {
  const turns = 60
  const begin = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async (_, slot) => {
      for (let turn = 0; turn < turns; turn++) {
        const body = JSON.stringify({ key: encoded(`bare/${slot}`), value: encoded('x'.repeat(500)) })
        await (await fetch(`${endpoint}/v3/kv/put`, { method: 'POST', body })).text()
      }
    }),
  )
  return (1000 * 8 * turns) / (performance.now() - begin)
}
