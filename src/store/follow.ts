import type { WatchEvent } from '../operations/world.ts'

export type CommitEvent = Extract<WatchEvent, { kind: 'commit' }>

/** The commits that a store remembers, as `follow` needs to see them. */
export interface CommitLog {
  /** A value that differs from an earlier one when somebody else may have committed in between. */
  mark(): unknown
  /** The oldest commits after the revision, at most so many, and the newest revision, all at one moment. */
  after(revision: number, most: number): { readonly newest: number; readonly commits: readonly CommitEvent[] }
  /** Resolves when there may be something new since the mark, or when the signal aborts. */
  changed(mark: unknown, signal: AbortSignal): Promise<void>
}

/** Few enough that a slow reader holds little in memory, enough that reading them is not the cost. */
const batch = 256

/**
 * Every commit after the revision, without a gap, for `RegistryStore.watch`. Revisions are consecutive: where the next one is not there
 * although newer ones are, it was forgotten, and a `resync` says so. The same holds for a reader from a revision that never was here.
 */
export async function* follow(
  log: CommitLog,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, void> {
  let seen = after
  while (!signal.aborted) {
    // Taken before looking: what is committed between the two is then noticed by the next wait.
    const mark = log.mark()
    const { newest, commits } = log.after(seen, batch)
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
    if (commits.length === 0) await log.changed(mark, signal)
  }
}
