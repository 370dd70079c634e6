import { printable } from '../core/text.ts'
import type { World } from '../operations/world.ts'
import { writeOut } from './terminal.ts'

const pollMilliseconds = 200
const mostBytes = 1 << 16

/** Goes on writing what a log gets, from where the answer of `logs` ended, until the signal aborts. */
export async function followLog(world: World, logs: unknown, signal: AbortSignal): Promise<void> {
  const { log, end } = logs as { log: string; end: number }
  let from = end
  while (!signal.aborted) {
    const { text, end: next } = await world.files.tail(log, from, mostBytes)
    if (next > from) writeOut(printableLines(text))
    from = next
    if (text.length < mostBytes / 2) await world.clock.sleep(pollMilliseconds, signal)
  }
}

/** Several lines, each made safe. Their breaks stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
