import * as z from '../formats/zod.ts'
import { nameKey } from '../core/name.ts'
import { isProblem } from '../core/problem.ts'
import { startWaves } from '../core/recipe.ts'
import type { Recipe } from '../core/recipe.ts'
import { bringUp } from './launch.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { promisePort, takeBack } from './promise-port.ts'
import { readRecipeFile } from './recipes.ts'
import { recipesMeant } from './recipes-meant.ts'
import { supervisorOf } from './supervisor.ts'
import type { World } from './world.ts'

export type Up = z.output<typeof output>
type UpService = Up['services'][number]
const output = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      port: z.nullable(z.int()),
      outcome: z.enum(['started', 'already-running', 'failed', 'skipped']),
      /** Milliseconds from the start of its command until it was ready. */
      readyAfter: z.nullable(z.number()),
      log: z.nullable(z.string()),
      /** What went wrong, and what to do. */
      why: z.nullable(z.string()),
      hint: z.nullable(z.string()),
    }),
  ),
  /** Why nobody would bring back what asks to be brought back: `ports serve` knows only recipes of this machine, or does not run. */
  unkept: z.nullable(z.enum(['other-file', 'no-supervisor'])),
})

export const up = operation({
  name: 'up',
  summary:
    'Starts services by their recipes, those that others wait for first, as many as possible at the same moment.',
  effect: 'write',
  positional: ['what'],
  examples: [
    'ports up',
    'ports up Grafana Prometheus',
    'ports up "Monitoring Services"',
    'ports up --file services.yaml',
  ],
  input: z.object({
    what: z
      .optional(z.array(z.string()))
      .check(z.describe('services, tags, or ranges; everything that has a recipe where nothing is named')),
    file: z.optional(z.string()).check(z.describe('take the recipes from this file')),
  }),
  output,
  isNo: ({ services }) => services.some(({ outcome }) => outcome === 'failed' || outcome === 'skipped'),
  async run(world, { what, file }, call) {
    const recipes = await readRecipeFile(world, call, file)
    const registry = await world.registry.read({ host: world.host })
    const wanted = recipesMeant(recipes, registry, world.host, what ?? [])
    const all = startWaves(
      recipes,
      wanted.map(({ service }) => service),
    ).flat()
    const outcomes = new Map<string, Promise<UpService>>()
    // In the order of the waves, so that those that are waited for are in the map already.
    for (const recipe of all) outcomes.set(nameKey(recipe.service), bringUpOne(world, recipe, outcomes, call))
    const services = await Promise.all(outcomes.values())
    const lasting = all.filter(({ restart }) => restart !== 'no')
    return { services, unkept: lasting.length ? await whyUnkept(world, lasting, file, call) : null }
  },
})

async function whyUnkept(
  world: World,
  recipes: readonly Recipe[],
  file: string | undefined,
  call: Call,
): Promise<Up['unkept']> {
  // What counts is the policy that the supervisor reads.
  const own = (await readRecipeFile(world, call)).filter(({ restart }) => restart !== 'no')
  const kept = new Set((file === undefined ? recipes : own).map(({ service }) => nameKey(service)))
  if (recipes.some(({ service }) => !kept.has(nameKey(service)))) return 'other-file'
  return (await supervisorOf(world)) ? null : 'no-supervisor'
}

async function bringUpOne(
  world: World,
  recipe: Recipe,
  others: ReadonlyMap<string, Promise<UpService>>,
  call: Call,
): Promise<UpService> {
  const { service } = recipe
  const before = await Promise.all(recipe.after.flatMap((name) => others.get(nameKey(name)) ?? []))
  const failed = before.find(({ outcome }) => outcome === 'failed' || outcome === 'skipped')
  const nothing = { service, port: null, readyAfter: null, log: null, why: null, hint: null }
  if (failed) {
    const why = `it waits for ${failed.service}, which is not up`
    return { ...nothing, outcome: 'skipped', why, hint: `Mend ${failed.service} first.` }
  }
  let promised: Awaited<ReturnType<typeof promisePort>> | null = null
  try {
    promised = await promisePort(world, { name: service, otherwise: recipe.port, protocol: 'tcp' })
    const { service: name, port: place } = promised
    const begun = (): void => call.progress(`${name} is being started on ${place}`)
    const launch = { recipe: { ...recipe, service: name }, port: place, protocol: 'tcp' as const, begun }
    const { port, outcome, readyAfter, log } = await bringUp(world, launch, call)
    await world.journal.want(name, true)
    call.progress(`${name} ${outcome === 'started' ? 'is up' : 'runs already'} on ${port}`)
    return { ...nothing, service: name, port, outcome, readyAfter, log }
  } catch (error) {
    if (promised?.registered) await takeBack(world, promised.service)
    if (!isProblem(error) || error.kind === 'interrupted') throw error
    call.progress(`${service} is not up`)
    return { ...nothing, outcome: 'failed', why: error.message, hint: error.hint }
  }
}
