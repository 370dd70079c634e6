import { nameKey } from '../../core/name.ts'
import { isProblem } from '../../core/problem.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { Act, StopPlan } from '../../core/stop/plan.ts'
import { endProcesses } from '../end.ts'
import { dropSocket } from '../hand-over.ts'
import type { Call } from '../operation.ts'
import { readRecipeFile } from '../recipes.ts'
import { stopOf } from '../stop.ts'
import type { World } from '../world.ts'
import { openRuns } from './sight.ts'
import { stopUnit } from './units.ts'

/** What became of one plan. */
export interface CarriedOut {
  readonly forced: boolean
  /** What could not be ended, and why: in the words of who was asked to. */
  readonly failures: readonly { readonly pid: null; readonly name: string; readonly why: string }[]
}

/** systemd forces what does not end within its own time, 90 s unless the unit says otherwise; an engine waits as long as the container says, or is told. */
const unitMilliseconds = 120_000

/**
 * Carries out what the plans say, all of it at the same time. Runs of ours are not wanted any more: told before anything is ended, so that nobody brings them
 * back. Each container and each unit is stopped once, also where several ports are its. Throws `interrupted`.
 */
export async function carryOut(
  world: World,
  plans: readonly StopPlan[],
  timeout: number | undefined,
  call: Call,
): Promise<ReadonlyMap<StopPlan, CarriedOut>> {
  const acts = plans.flatMap((plan) => plan.acts)
  const runs = [
    ...new Set(
      acts.flatMap((act) => {
        if (act.kind === 'socket') return act.service
        return act.kind === 'processes' && act.run !== null ? act.run : []
      }),
    ),
  ]
  await unwant(world, runs)
  const recipes = runs.length ? await recipesKept(world, call) : []
  const others = new Map<string, Promise<CarriedOut>>()
  const results = await Promise.all(
    plans.map(async (plan): Promise<[StopPlan, CarriedOut]> => {
      const parts = await Promise.all(
        plan.acts.map((act) => {
          if (act.kind === 'processes') return endJob(world, act, recipes, timeout, call)
          if (act.kind === 'socket') return giveUp(world, act.service)
          const key = act.kind === 'unit' ? `${act.unit.ofUser} ${act.unit.name}` : act.container.id
          const begun = others.get(key) ?? stopOther(world, act, timeout, call)
          others.set(key, begun)
          return begun
        }),
      )
      const failures = parts.flatMap((part) => part.failures)
      return [plan, { forced: parts.some(({ forced }) => forced), failures }]
    }),
  )
  return new Map(results)
}

async function endJob(
  world: World,
  { run, targets }: Extract<Act, { kind: 'processes' }>,
  recipes: readonly Recipe[],
  timeout: number | undefined,
  call: Call,
): Promise<CarriedOut> {
  const recipe = run === null ? undefined : recipes.find(({ service }) => nameKey(service) === nameKey(run))
  const { signal, seconds } = stopOf(recipe, timeout)
  const { forced } = await endProcesses(world, targets, seconds * 1000, call, signal)
  if (run !== null)
    await endRuns(
      world,
      targets.map(({ pid }) => pid),
      forced.size ? 'KILL' : signal,
    )
  return { forced: forced.size > 0, failures: [] }
}

async function stopOther(
  world: World,
  act: Extract<Act, { kind: 'unit' | 'container' }>,
  timeout: number | undefined,
  call: Call,
): Promise<CarriedOut> {
  const name = act.kind === 'unit' ? act.unit.name : act.container.name
  if (act.kind === 'container') call.progress(`${act.container.engine} stops ${name}`)
  const why =
    act.kind === 'unit'
      ? await stopUnit(world, act.unit, unitMilliseconds, call)
      : await world.machine.stopContainer(act.container.id, timeout ?? null, call.signal)
  return { forced: false, failures: why === null ? [] : [{ pid: null, name, why }] }
}

async function giveUp(world: World, service: string): Promise<CarriedOut> {
  await dropSocket(world, service)
  return { forced: false, failures: [] }
}

async function unwant(world: World, services: readonly string[]): Promise<void> {
  try {
    for (const service of services) await world.journal.want(service, false)
  } catch (error) {
    // A journal that cannot be written keeps no port busy.
    if (!isProblem(error)) throw error
  }
}

/** A file of recipes that cannot be read keeps no port busy either: then every run is asked to end as any other process is. */
async function recipesKept(world: World, call: Call): Promise<readonly Recipe[]> {
  try {
    return await readRecipeFile(world, call)
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}

/** Runs of ours that were killed through their port ended by us, and the journal says so. */
async function endRuns(world: World, pids: readonly number[], signal: string): Promise<void> {
  const ended = new Set(pids)
  for (const run of await openRuns(world)) {
    if (ended.has(run.process.pid) && !(await world.machine.alive(run.process))) {
      await world.journal.end(run.id, { code: null, signal }, world.clock.now().toISOString())
    }
  }
}
