import { isProblem } from '../../core/problem.ts'
import type { RegistryStore, WatchEvent } from '../../operations/world.ts'

/** Somebody who watches from the beginning, beside the writers. */
export interface Watcher {
  readonly events: readonly WatchEvent[]
  /** Waits until it has seen the revision; throws where it sees nothing new for too long. */
  readonly reaches: (revision: number) => Promise<void>
  readonly stop: () => Promise<void>
}

/** How long a watcher may see nothing, in milliseconds: a loaded machine that elects a leader needs some. */
const longestSilence = 45_000

export function startWatcher(store: RegistryStore): Watcher {
  const events: WatchEvent[] = []
  const abort = new AbortController()
  const watching = collect(store, events, abort.signal)
  // Heard in `stop`; until then nobody waits for it.
  watching.catch(() => undefined)
  const newest = (): number => events.at(-1)?.revision ?? 0
  const reaches = async (revision: number): Promise<void> => {
    let seen = newest()
    let since = performance.now()
    while (newest() < revision) {
      if (newest() !== seen) since = performance.now()
      seen = newest()
      if (performance.now() - since > longestSilence) throw new Error(`the watcher stays at ${seen} of ${revision}`)
      await Promise.race([Bun.sleep(10), watching])
    }
  }
  const stop = async (): Promise<void> => {
    abort.abort()
    await watching
  }
  return { events, reaches, stop }
}

async function collect(store: RegistryStore, events: WatchEvent[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of store.watch(events.at(-1)?.revision ?? 0, signal)) events.push(event)
    } catch (error) {
      // Without a quorum a watcher is told so, and comes back from where it was.
      if (!isProblem(error, 'unavailable')) throw error
    }
  }
}
