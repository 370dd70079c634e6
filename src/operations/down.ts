import * as z from '../formats/zod.ts'
import { nameKey } from '../core/name.ts'
import { isProblem } from '../core/problem.ts'
import { plainRecipe, startWaves } from '../core/recipe.ts'
import type { Recipe } from '../core/recipe.ts'
import { halt } from './halt.ts'
import { operation } from './operation.ts'
import { readRecipeFile } from './recipes.ts'
import { recipesMeant } from './recipes-meant.ts'
import { stopOf } from './stop.ts'

export type Down = z.output<typeof output>
const output = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      port: z.nullable(z.int()),
      outcome: z.enum(['ended', 'not-running']),
      ended: z.array(z.int()),
      forced: z.boolean(),
    }),
  ),
})

export const down = operation({
  name: 'down',
  summary: 'Ends the runs of services, those first that wait for others.',
  effect: 'destructive',
  positional: ['what'],
  examples: ['ports down', 'ports down Grafana Prometheus', 'ports down "Monitoring Services"'],
  input: z.object({
    what: z
      .optional(z.array(z.string()))
      .check(z.describe('services, tags, or ranges; every run of ours where nothing is named')),
    timeout: z
      .optional(z.coerce.number().check(z.gte(0), z.lte(3600)))
      .check(z.describe('seconds between asking and forcing (KILL)')),
    file: z.optional(z.string()).check(z.describe('take the recipes from this file')),
  }),
  output,
  async run(world, { what, timeout, file }, call) {
    const kept = await readRecipeFile(world, call, file)
    const running = (await world.journal.runs({ unended: true })).map(({ service }) => service)
    // What was started without a recipe is a run all the same.
    const recipes = [...kept, ...running.filter((name) => !has(kept, name)).map((name) => plainRecipe(name, '', ''))]
    const registry = await world.registry.read({ host: world.host })
    const meant = what?.length
      ? recipesMeant(recipes, registry, world.host, what)
      : recipes.filter(
          ({ service, handOver }) => handOver || running.some((name) => nameKey(name) === nameKey(service)),
        )
    const services: Down['services'] = []
    for (const wave of inWaves(recipes, meant).toReversed()) {
      const halted = await Promise.all(
        wave.map(async (recipe) => {
          const stop = stopOf(recipe.command === '' ? undefined : recipe, timeout)
          return { service: recipe.service, done: await halt(world, recipe.service, stop, call) }
        }),
      )
      for (const { service, done } of halted) {
        services.push({
          service,
          port: done?.port ?? null,
          outcome: done ? 'ended' : 'not-running',
          ended: done?.ended ?? [],
          forced: done?.forced ?? false,
        })
      }
    }
    return { services }
  },
})

function has(recipes: readonly Recipe[], name: string): boolean {
  return recipes.some(({ service }) => nameKey(service) === nameKey(name))
}

/** Only those that are meant. A cycle or a missing recipe forbids a start and not an end: then all of them end at once. */
function inWaves(recipes: readonly Recipe[], meant: readonly Recipe[]): Recipe[][] {
  try {
    const names = meant.map(({ service }) => service)
    return startWaves(recipes, names).map((wave) => wave.filter((recipe) => meant.includes(recipe)))
  } catch (error) {
    if (isProblem(error)) return [[...meant]]
    throw error
  }
}
