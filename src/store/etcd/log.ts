import type { Committed } from '../../core/commit.ts'
import type { CommitEvent } from '../follow.ts'
import { keptCommits } from '../kept-commits.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { readSpans } from './registry.ts'
import { answerOf, eventOf } from './rows.ts'
import { endOf, rangeOf, remove } from './txn.ts'
import { entryOf } from './wire.ts'
import type { Entry, RangeResponse } from './wire.ts'

/** As many as fit into one transaction of etcd. */
const batch = 60

/** After so many commits one of them takes away what is too old, so that this costs each of them next to nothing. */
const pruneEvery = 128

/** The answer that was given to the commit of this record. Its revision is found by etcd's revision: both were written together. */
export async function givenAnswer(client: EtcdClient, keys: Keys, record: Entry): Promise<Committed | null> {
  const modified = String(record.modified)
  const { kvs = [] } = await client.read<RangeResponse>('/v3/kv/range', {
    ...rangeOf({ key: keys.numbers, end: endOf(keys.numbers) }),
    min_mod_revision: modified,
    max_mod_revision: modified,
  })
  const number = kvs.map(entryOf)[0]
  return number ? answerOf(record, keys.revisionOf(number.key)) : null
}

/**
 * The oldest commits after the revision, at most a batch, and the newest revision. Where the first of them is no longer kept, none.
 * They are read from the records and not from etcd's stream, so that neither a lost connection nor etcd's compaction can take one away.
 */
export async function commitsAfter(
  client: EtcdClient,
  keys: Keys,
  after: number,
): Promise<{ newest: number; commits: CommitEvent[] }> {
  const span = { key: keys.number(after + 1), end: keys.number(after + 1 + batch) }
  const { answers } = await readSpans(client, [{ key: keys.revision }, span])
  const newest = answers[0]?.[0]?.version ?? 0
  const numbers = answers[1] ?? []
  // What is older than the newest so many may be there still or not: that it is treated alike keeps the promise one.
  if (numbers.length === 0 || after < newest - keptCommits) return { newest, commits: [] }
  const records = await readSpans(
    client,
    numbers.map(({ value }) => ({ key: keys.commit(value) })),
  )
  const commits: CommitEvent[] = []
  for (const [index, { key, value }] of numbers.entries()) {
    const record = records.answers[index]?.[0]
    // Taken away between the two reads: the next look sees how far.
    if (!record) break
    commits.push(eventOf(record, value, keys.revisionOf(key)))
  }
  return { newest, commits }
}

/**
 * Takes away the records that are older than what is kept. Done by whoever makes every so-many-th commit, after its answer is sure; what one leaves
 * undone the next one finds.
 */
export async function prune(client: EtcdClient, keys: Keys, revision: number, until: number): Promise<void> {
  if (revision % pruneEvery !== 0 || revision <= keptCommits) return
  const end = keys.number(revision - keptCommits + 1)
  for (;;) {
    const span = rangeOf({ key: keys.numbers, end })
    const { kvs = [] } = await client.read<RangeResponse>('/v3/kv/range', { ...span, limit: String(batch / 2) }, until)
    if (kvs.length === 0) return
    const steps = kvs.map(entryOf).flatMap(({ key, value }) => [remove(key), remove(keys.commit(value))])
    // Taking away twice what is gone does no harm, so a lost answer is of no interest.
    await client.write('/v3/kv/txn', { compare: [], success: steps, failure: [] }, until)
  }
}
