import { runUnit } from '../core/cgroup.ts'
import type { Recipe } from '../core/recipe.ts'
import { endProcesses } from './end.ts'
import { dropSocket } from './hand-over.ts'
import type { Call } from './operation.ts'
import { currentRun, everyMember, starterOf } from './runs.ts'
import type { CurrentRun } from './runs.ts'
import { lookUntilSettled } from './settled.ts'
import type { World } from './world.ts'

export interface Halted {
  port: number
  ended: number[]
  forced: boolean
}

/**
 * Ends the service's run, all of its processes, and records it. Null where there is none. From now on it is not wanted: told before anything is
 * ended, so that nobody brings back what is on its way out. A socket that is kept for it goes as well, unless it is to be handed to the next run.
 */
export async function halt(
  world: World,
  service: string,
  { signal, seconds }: Recipe['stop'],
  call: Call,
  { keepSocket = false } = {},
): Promise<Halted | null> {
  await world.journal.want(service, false)
  await awaitProcess(world, service, call)
  const current = await lookUntilSettled(
    world,
    async () => {
      const found = await currentRun(world, service)
      return found && { run: found.run, members: await everyMember(world, found.run) }
    },
    (seen) => seen?.members ?? [],
  )
  if (!current) {
    if (!keepSocket) await dropSocket(world, service)
    return null
  }
  const unit = await unitOf(world, current)
  const { forced } = await endProcesses(world, current.members, seconds * 1000, call, signal)
  if (!keepSocket) await dropSocket(world, service)
  // Nobody else would ask how it ended, and a unit that was forced would stand there as failed.
  if (unit !== null) await world.machine.unitEnding(unit, call.environment)
  const ending = { code: null, signal: forced.size ? 'KILL' : signal }
  await world.journal.end(current.run.id, ending, world.clock.now().toISOString())
  return { port: current.run.port, ended: current.members.map(({ pid }) => pid), forced: forced.size > 0 }
}

/** The unit that the run is, null where it is none. */
async function unitOf(world: World, { run, members }: CurrentRun): Promise<string | null> {
  const name = runUnit(run.id)
  const [first] = members
  const path = first ? await world.witness.cgroupOf(first) : null
  return path?.includes(`/${name}`) ? name : null
}

/** Somebody may be about to start it, a few milliseconds from having a process: what is not there yet cannot be ended. */
async function awaitProcess(world: World, service: string, call: Call): Promise<void> {
  while (!call.signal.aborted && (await world.journal.announced(service)).length) {
    if (!(await starterOf(world, service))) return
    await world.clock.sleep(5, call.signal)
  }
}
