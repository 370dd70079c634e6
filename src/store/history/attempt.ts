import type { Change, Committed } from '../../core/commit.ts'
import type { ProblemCode } from '../../core/problems.ts'

/** How a writer's commit ended for the writer. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: Committed }
  /** Told that nothing was changed. */
  | { readonly kind: 'refused'; readonly code: ProblemCode }
  /** Told nothing, because the writer was killed, or that it is not known: it may have happened or not. */
  | { readonly kind: 'open' }

/** One commit as its writer saw it. */
export interface Attempt {
  readonly id: string
  readonly changes: readonly Change[]
  /** When it was asked for and when it ended, in milliseconds of `moment()`; `ended` is null where nobody was told. */
  readonly asked: number
  readonly ended: number | null
  readonly outcome: Outcome
}

/** Milliseconds that the programs of one machine can compare. */
export function moment(): number {
  return performance.timeOrigin + performance.now()
}
