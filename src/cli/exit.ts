import { isProblem } from '../core/problem.ts'
import { printable } from '../core/text.ts'
import { ClosedPipe, toJson, writeError, writeOut } from './terminal.ts'

/** 0 done, 1 the answer is no, 2 wrong usage or input, 3 the outside failed (or we did), 130 interrupted. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ClosedPipe) return 0
  if (!isProblem(error)) return 3
  return { refused: 1, invalid: 2, outside: 3, interrupted: 130 }[error.kind]
}

/** Says what went wrong and what to do next, on standard error; with `--json` as data on standard output as well. */
export function tellError(error: unknown, json: boolean): void {
  try {
    if (error instanceof ClosedPipe) return
    if (!isProblem(error)) {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
      writeError(
        `ports: this should not have happened, and it is our fault:\n${words.split('\n').map(printable).join('\n')}\n`,
      )
      return
    }
    if (json) writeOut(toJson({ error: error.report() }))
    writeError(`ports: ${error.message}\n${error.hint}\n`)
  } catch (closed) {
    if (!(closed instanceof ClosedPipe)) throw closed
  }
}
