import type { WatchEvent } from '../../operations/world.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { commitsAfter } from './log.ts'
import type { News } from './news.ts'

/** Every commit after the revision, without a gap, for `RegistryStore.watch`. Revisions are consecutive, so a gap cannot hide. */
export async function* watchCommits(
  client: EtcdClient,
  keys: Keys,
  news: News,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, void> {
  const listening = new AbortController()
  const stop = (): void => listening.abort()
  signal.addEventListener('abort', stop)
  let seen = after
  try {
    let heard: Promise<void> | null = null
    while (!signal.aborted) {
      // Taken before looking: what is committed between the two is then noticed by the next wait.
      const mark = news.count
      const { newest, commits } = await commitsAfter(client, keys, seen)
      if (signal.aborted) return
      if (newest !== seen && commits[0]?.revision !== seen + 1) {
        seen = newest
        yield { kind: 'resync', revision: newest }
        continue
      }
      for (const commit of commits) {
        if (signal.aborted) return
        seen = commit.revision
        yield commit
      }
      if (commits.length > 0) continue
      // Who only catches up needs no stream.
      heard ??= news.listen(listening.signal)
      await news.since(mark, signal)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    listening.abort()
  }
}
