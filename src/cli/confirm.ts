import { showDiff } from './show/diff.ts'
import { isTerminal, screenOf, writeError } from './terminal.ts'

/** A question to the person at the terminal; null where standard input or output is none, or the answer is to be data. `no` is what anything but a yes means. */
export function confirmer(json: boolean, signal: AbortSignal): ((text: string) => Promise<boolean>) | null {
  if (json || !isTerminal(0) || !isTerminal(1)) return null
  return async (text) => {
    writeError(`${showDiff(text, { ...screenOf(process.env), terminal: true })} [y/N] `)
    return /^y(?:es)?$/i.test((await answer(signal)).trim())
  }
}

/** The next line that is typed; empty when the input ends or the person gives up. */
function answer(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const done = (text: string): void => {
      process.stdin.pause()
      resolve(text)
    }
    signal.addEventListener('abort', () => done(''), { once: true })
    process.stdin.once('data', (bytes) => done(String(bytes)))
    process.stdin.once('end', () => done(''))
  })
}
