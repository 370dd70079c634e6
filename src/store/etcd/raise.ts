import { Problem } from '../../core/problem.ts'
import { patience } from './client.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { put, rangeOf } from './txn.ts'
import { entryOf } from './wire.ts'
import type { RangeResponse } from './wire.ts'

/** How many are under way at once: etcd writes what comes together to the disk together. */
const abreast = 32

/**
 * Brings the registry's revision to at least this one. The revision is the version of a key, which only etcd counts: so the key is put again and again. Nothing
 * else changes by it, and who watches is told to read anew.
 */
export async function raiseRevision(client: EtcdClient, keys: Keys, store: string, to: number): Promise<void> {
  for (;;) {
    const { kvs = [] } = await client.read<RangeResponse>('/v3/kv/range', rangeOf({ key: keys.revision }))
    const left = to - (kvs.map(entryOf)[0]?.version ?? 0)
    if (left <= 0) return
    const steps = Array.from({ length: Math.min(left, abreast) }, () =>
      client.write(
        '/v3/kv/txn',
        { compare: [], success: [put(keys.revision, 'raised')], failure: [] },
        performance.now() + patience,
      ),
    )
    const answers = await Promise.all(steps)
    if (answers.every((answer) => answer === null))
      throw new Problem('unavailable', { store, why: 'no answer in time' })
  }
}
