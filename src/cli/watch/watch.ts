import type { Call } from '../../operations/operation.ts'
import { watching } from '../../operations/watch.ts'
import type { World } from '../../operations/world.ts'
import { eventLine } from '../show/history.ts'
import { isTerminal, toJsonLine, writeOut } from '../terminal.ts'
import { watchLive } from './live.ts'

/**
 * The live board where somebody sits at a terminal; elsewhere each event as a line, as it happens. It goes on until it is interrupted or its time is over, and as that is how a watch
 * ends, the exit code is 0.
 */
export async function watchPorts(
  world: World,
  input: Record<string, unknown>,
  call: Call,
  json: boolean,
): Promise<number> {
  const asked = input as { every: number; for?: number }
  if (!json && isTerminal(0) && isTerminal(1)) {
    await watchLive(world, asked, call)
    return 0
  }
  for await (const { events } of watching(world, asked, call)) {
    for (const event of events) writeOut(json ? toJsonLine(event) : `${eventLine(event)}\n`)
  }
  return 0
}
