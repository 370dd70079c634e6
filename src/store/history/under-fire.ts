import { keptCommits } from '../kept-commits.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { moment } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { newSeed, randomFrom } from './random.ts'
import { settle } from './settle.ts'
import type { Settled } from './settle.ts'
import { startWatcher } from './watcher.ts'
import { remember, write } from './writing.ts'

/** Does harm, and gives what mends it. */
export type Strike = () => Promise<() => Promise<void>>

/** How long claims may stay away, in milliseconds, before the test gives up: many times what a cluster on a quiet machine needs. */
const longest = 60_000

/** From so many commits on the writers take their time: the answers of all of them are to be known still when they are asked for again. */
const many = keptCommits * 0.6

/**
 * Six writers and a watcher while one strike after the other falls. After each the next claim is waited for: with the harm still there, or, where it is done
 * to all members, once it is `mended` first. Then the whole history is checked. `gaps` are the milliseconds from each strike to the first claim that was asked
 * for after it and acknowledged.
 */
export async function underFire(
  open: () => RegistryStore,
  strikes: readonly Strike[],
  mended: 'first' | 'afterwards' = 'afterwards',
): Promise<Settled & { readonly gaps: readonly number[] }> {
  const seed = newSeed()
  const state = { stopped: false }
  const watcher = startWatcher(open())
  const attempts: Attempt[] = []
  const writers = Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      write(
        open(),
        `w${index}`,
        randomFrom(seed + index),
        () => state.stopped,
        remember(attempts),
        () => Bun.sleep(attempts.length < many ? 0 : 150),
      ),
    ),
  )
  const gaps: number[] = []
  try {
    for (const strike of strikes) {
      await Bun.sleep(500)
      const mend = await strike()
      // What was asked for before the strike may still be acknowledged and says nothing.
      const begin = moment()
      if (mended === 'first') await mend()
      gaps.push(Math.round((await Promise.race([resumes(attempts, begin), failsOnly(writers)])) - begin))
      if (mended === 'afterwards') await mend()
    }
  } finally {
    state.stopped = true
  }
  await writers
  try {
    return { ...(await settle(open(), attempts, watcher)), gaps }
  } finally {
    await watcher.stop()
  }
}

/** When the first commit that was asked for after the moment was acknowledged. */
async function resumes(attempts: readonly Attempt[], after: number): Promise<number> {
  const deadline = performance.now() + longest
  while (performance.now() < deadline) {
    const done = attempts.find(({ asked, outcome }) => asked > after && outcome.kind === 'done')
    if (done) return done.ended ?? after
    await Bun.sleep(10)
  }
  throw new Error(`no claim succeeds for ${longest / 1000} s`)
}

async function failsOnly(work: Promise<unknown>): Promise<never> {
  await work
  return new Promise(() => undefined)
}
