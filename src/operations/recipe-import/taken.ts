import { Problem } from '../../core/problem.ts'
import { nearest } from '../../core/text.ts'

/** Throws `taken-unknown` for a word of `--take` that the file does not have. */
export function refuseUnknown(path: string, take: readonly string[], known: readonly string[]): void {
  const unknown = take.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Problem('taken-unknown', { name: unknown, path, known: [...known], nearest: nearest(unknown, known) })
}
