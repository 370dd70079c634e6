import type { Place } from '../../core/compose.ts'
import { Problem } from '../../core/problem.ts'

/** The problem of a compose file that cannot be used, with the place that is to blame. */
export function invalid(place: Place, why: string): Problem {
  return new Problem('compose-invalid', { path: place.file, line: place.line, column: place.column, why })
}
