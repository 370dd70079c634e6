/**
 * Who has to act, and so the exit code: `refused` 1, the answer is no; `invalid` 2, the input is wrong; `outside` 3, the store, the system
 * or a permission failed; `interrupted` 130.
 */
export type ProblemKind = 'refused' | 'invalid' | 'outside' | 'interrupted'

interface Row<Facts> {
  readonly kind: ProblemKind
  /** What happened, to what, and who is in the way. */
  readonly says: (facts: Facts) => string
  /** What to do next. */
  readonly hint: (facts: Facts) => string
}

/** A row of the table of problems, its facts named once. */
export function row<Facts>(kind: ProblemKind, says: Row<Facts>['says'], hint: Row<Facts>['hint']): Row<Facts> {
  return { kind, says, hint }
}
