import type { Allocation } from '../../core/allocation.ts'
import type { Attempt } from './attempt.ts'
import type { Replay } from './replay.ts'
import { Violation } from './violation.ts'

interface Refused {
  readonly id: string
  readonly wanted: readonly Omit<Allocation, 'id' | 'fence'>[]
  /** The revisions of which one must have been as the writer was told. */
  readonly from: number
  readonly to: number
}

/** Codes that say only that nothing was done, not that anybody is in the way. */
const outside: readonly string[] = ['unavailable', 'busy', 'disk-full', 'read-only']

/**
 * Who was told that every candidate is taken. A refusal is true when that was so at some moment between asking and answer: not before the newest commit
 * that was acknowledged when it was asked for, and before any commit that was asked for after it was told.
 */
export class Refusals {
  readonly #waiting: Refused[]
  #open: Refused[] = []

  constructor(attempts: readonly Attempt[], newest: number) {
    const done = attempts.flatMap(({ asked, ended, outcome }) =>
      outcome.kind === 'done' && ended !== null ? [{ asked, ended, revision: outcome.answer.revision }] : [],
    )
    const ended = highest(done.toSorted((a, b) => a.ended - b.ended))
    const begun = lowest(done.toSorted((a, b) => a.asked - b.asked))
    this.#waiting = attempts
      .flatMap((attempt): Refused[] => {
        const { id, changes, asked, ended: told, outcome } = attempt
        if (outcome.kind !== 'refused' || outside.includes(outcome.code)) return []
        if (outcome.code !== 'range-full' && outcome.code !== 'conflict')
          throw new Violation(`${id} was refused without a reason (${outcome.code})`)
        const wanted = changes.flatMap((change) =>
          change.do === 'allocate'
            ? change.candidates.map((port) => ({ ...change, port, since: '', kind: change.kind }))
            : [],
        )
        return [{ id, wanted, from: ended(asked), to: (told === null ? undefined : begun(told)) ?? newest }]
      })
      .toSorted((a, b) => b.from - a.from)
  }

  /** The registry as it was at the revision. */
  look(replay: Replay, revision: number): void {
    for (let next = this.#waiting.at(-1); next && next.from <= revision; next = this.#waiting.at(-1)) {
      this.#open.push(next)
      this.#waiting.pop()
    }
    this.#open = this.#open.filter(({ id, wanted, to }) => {
      if (wanted.every((one) => replay.blockersOf(one).length)) return false
      if (revision < to) return true
      throw new Violation(`${id} was told that all is taken, and until revision ${to} it never was`)
    })
  }

  end(): void {
    const [left] = [...this.#open, ...this.#waiting]
    if (left) throw new Violation(`${left.id} was told that all is taken, and it never was`)
  }
}

/** The highest revision that was acknowledged before a moment. */
function highest(done: readonly { ended: number; revision: number }[]): (at: number) => number {
  let best = 0
  const steps = done.map(({ ended, revision }) => ({ at: ended, revision: (best = Math.max(best, revision)) }))
  return (at) => steps.findLast((step) => step.at < at)?.revision ?? 0
}

/** The last revision before any commit that was asked for after a moment. */
function lowest(done: readonly { asked: number; revision: number }[]): (at: number) => number | undefined {
  let best = Number.POSITIVE_INFINITY
  const steps = done
    .toReversed()
    .map(({ asked, revision }) => ({ at: asked, revision: (best = Math.min(best, revision)) }))
  const found = (at: number): number | undefined => steps.findLast((step) => step.at > at)?.revision
  return (at) => {
    const revision = found(at)
    return revision === undefined ? undefined : revision - 1
  }
}
