import type { ProcessIdentity } from '../core/listener.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** How often we look whether a process is gone. Short: a plain server ends within a few milliseconds of being asked. */
const pollMilliseconds = 2

export interface EndedProcesses {
  /** The pids that did not end when asked. */
  readonly forced: ReadonlySet<number>
  /** The pids that we may not signal. */
  readonly denied: ReadonlySet<number>
}

/**
 * Asks every process to end (TERM), waits until all have or the time is over, then forces the rest (KILL) and waits for them. Each signal goes to exactly the
 * process that is meant. An abort of the call does not leave it half done: it forces at once.
 */
export async function endProcesses(
  world: World,
  targets: readonly ProcessIdentity[],
  graceMilliseconds: number,
  call: Call,
): Promise<EndedProcesses> {
  const denied = new Set<number>()
  for (const target of targets) if ((await world.machine.signal(target, 'TERM')) === 'denied') denied.add(target.pid)
  const waiting = targets.filter(({ pid }) => !denied.has(pid))
  const stubborn = await waitForEnd(world, waiting, graceMilliseconds, call)
  for (const target of stubborn) await world.machine.signal(target, 'KILL')
  if (stubborn.length) await waitForEnd(world, stubborn, 1000, null)
  return { forced: new Set(stubborn.map(({ pid }) => pid)), denied }
}

/** Waits until the processes are gone; gives those back that are not when the time is over. */
async function waitForEnd(
  world: World,
  targets: readonly ProcessIdentity[],
  milliseconds: number,
  call: Call | null,
): Promise<ProcessIdentity[]> {
  const begin = world.clock.elapsed()
  let told = begin
  let left = [...targets]
  for (;;) {
    const alive = await Promise.all(left.map((target) => world.machine.alive(target)))
    left = left.filter((_, index) => alive[index])
    const now = world.clock.elapsed()
    if (!left.length || now - begin >= milliseconds || call?.signal.aborted) return left
    if (call && now - told >= 1000) {
      told = now
      call.progress(
        `waiting for pid ${left.map(({ pid }) => pid).join(', ')} to end, forcing it in ${Math.ceil((milliseconds - now + begin) / 1000)} s`,
      )
    }
    await world.clock.sleep(pollMilliseconds)
  }
}
