import { secondsOf } from '../formats/recipes/quantity.ts'
import { Problem } from '../core/problem.ts'

/** Milliseconds of `500ms`, `30s`, `1m30s`, at most a day. Throws `wait-invalid`. */
export function parseWait(text: string): number {
  const seconds = secondsOf(text)
  if (seconds === null || seconds <= 0 || seconds > 86_400) throw new Problem('wait-invalid', { text })
  return seconds * 1000
}
