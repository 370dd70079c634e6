import { sameProcess } from '../core/listener.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import { treeOf } from '../core/process.ts'
import { Problem } from '../core/problem.ts'
import type { StopSignal } from '../core/recipe.ts'
import { list } from '../core/text.ts'
import type { Call } from './operation.ts'
import { lookUntilSettled } from './settled.ts'
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
 * Asks every process to end (TERM, or the signal that it is known to take), waits until all have or the time is over, then forces the rest (KILL), with what they started meanwhile, and waits for
 * them. Each signal goes to exactly the process that is meant. When the call is aborted nobody is forced: throws `interrupted`.
 */
export async function endProcesses(
  world: World,
  targets: readonly ProcessIdentity[],
  graceMilliseconds: number,
  call: Call | null,
  wish: StopSignal = 'TERM',
): Promise<EndedProcesses> {
  const denied = new Set<number>()
  for (const target of targets) if ((await world.machine.signal(target, wish)) === 'denied') denied.add(target.pid)
  const waiting = targets.filter(({ pid }) => !denied.has(pid))
  const stubborn = await waitForEnd(world, waiting, graceMilliseconds, call)
  if (call?.signal.aborted) {
    const left = stubborn.map(({ pid }) => `pid ${pid}`)
    if (left.length)
      throw new Problem('interrupted', { what: 'the end', left: `${list(left)} was asked to end and may still do so.` })
  }
  const forced = stubborn.length ? await withOffspring(world, stubborn) : []
  for (const target of forced) await world.machine.signal(target, 'KILL')
  await waitForEnd(world, forced, 1000, null)
  return { forced: new Set(forced.map(({ pid }) => pid)), denied }
}

/** The processes with everything that stands below them now, the eldest first: a master that replaces its workers is stopped before they are. */
async function withOffspring(world: World, roots: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const table = await lookUntilSettled(
    world,
    () => world.machine.processes(),
    (rows) => roots.flatMap(({ pid }) => treeOf(rows, pid)),
  )
  const all = new Map<number, ProcessIdentity>()
  for (const root of roots) {
    const alive = table.find(({ pid }) => pid === root.pid)
    if (alive && sameProcess(alive, root)) for (const row of treeOf(table, root.pid)) all.set(row.pid, row)
    else all.set(root.pid, root)
  }
  return [...all.values()].toSorted((a, b) => a.start - b.start)
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
