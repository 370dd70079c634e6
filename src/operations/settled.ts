import type { ProcessIdentity } from '../core/listener.ts'
import type { World } from './world.ts'

/** Somebody who starts new processes all the time cannot be waited for. */
const mostLooks = 5

/**
 * Looks until no process that is meant was as young as the look itself. The start of a process is told in ticks of a hundredth of a second: one that ends in the tick in which it began,
 * and whose pid is given away in that same tick, cannot be told from who has it now. Seen alive in a later tick it cannot be confused with anybody: whoever gets its pid after that has a later start.
 */
export async function lookUntilSettled<Seen>(
  world: World,
  look: () => Promise<Seen>,
  meant: (seen: Seen) => readonly ProcessIdentity[],
): Promise<Seen> {
  for (let looks = 1; ; looks++) {
    const now = world.machine.startNow()
    const seen = await look()
    if (looks === mostLooks || meant(seen).every(({ start }) => start < now)) return seen
    await world.clock.sleep(5)
  }
}
