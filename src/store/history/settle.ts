import { isProblem } from '../../core/problem.ts'
import type { Committed } from '../../core/commit.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { at } from '../contract/changes.ts'
import type { Attempt } from './attempt.ts'
import { checkHistory } from './check.ts'
import { Violation } from './violation.ts'
import type { Watcher } from './watcher.ts'

/** How many of the acknowledged commits are asked for again. */
const sample = 200

/** What a run came to, for the report. */
export interface Settled {
  readonly acknowledged: number
  readonly refused: number
  /** Whose answer never came, and which of those had happened. */
  readonly unanswered: number
  readonly happened: number
  readonly revision: number
}

/**
 * Asks for every commit whose answer never came by its id, with a commit without changes: it gives the first answer where there was one, and otherwise takes
 * the id, so that nothing that is still on its way can happen afterwards. Then checks the whole history.
 */
export async function settle(store: RegistryStore, attempts: readonly Attempt[], watcher: Watcher): Promise<Settled> {
  const settled: Attempt[] = []
  for (const attempt of attempts) {
    const { id, outcome } = attempt
    if (outcome.kind !== 'open') settled.push(attempt)
    else settled.push({ ...attempt, ended: null, outcome: { kind: 'done', answer: await answerTo(store, id) } })
  }
  const done = settled.filter(({ outcome }) => outcome.kind === 'done')
  const every = Math.max(1, Math.floor(done.length / sample))
  for (const [index, { id, outcome }] of done.entries()) {
    if (outcome.kind !== 'done' || index % every) continue
    const answer = await answerTo(store, id)
    if (!Bun.deepEquals(answer, outcome.answer, true))
      throw new Violation(
        `${id}, one of ${done.length}, was answered ${JSON.stringify(outcome.answer)}, and ${JSON.stringify(answer)} when it was asked for again`,
      )
  }
  const registry = await patiently(() => store.read())
  await watcher.reaches(registry.revision)
  await watcher.stop()
  checkHistory(settled, watcher.events, registry)
  const open = new Set(attempts.flatMap(({ id, outcome }) => (outcome.kind === 'open' ? [id] : [])))
  const happened = watcher.events.filter(
    (event) => event.kind === 'commit' && open.has(event.id) && event.effects.length,
  )
  return {
    acknowledged: attempts.filter(({ outcome }) => outcome.kind === 'done').length,
    refused: attempts.filter(({ outcome }) => outcome.kind === 'refused').length,
    unanswered: open.size,
    happened: happened.length,
    revision: registry.revision,
  }
}

function answerTo(store: RegistryStore, id: string): Promise<Committed> {
  return patiently(() => store.commit({ id, at, changes: [] }))
}

/** As often as it takes: a member that has just come back may need a moment, and asking by an id twice does no harm. */
async function patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let left = 20; ; left--) {
    try {
      return await ask()
    } catch (error) {
      const outside = isProblem(error) && error.kind === 'outside' && error.code !== 'corrupt'
      if (!outside || left === 0) throw error
      await Bun.sleep(100)
    }
  }
}
