import * as z from '../formats/zod.ts'
import { nameKey } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { plainRecipe } from '../core/recipe.ts'
import type { Recipe } from '../core/recipe.ts'
import { halt } from './halt.ts'
import { requireService } from './named.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { readRecipeFile } from './recipes.ts'
import type { World } from './world.ts'

export type Stop = z.output<typeof output>
const output = z.object({ service: z.string(), port: z.int(), ended: z.array(z.int()), forced: z.boolean() })

/** As long as a person waits for a stop without a word of ours about it; a recipe may say more. */
const patience = 5

export const stop = operation({
  name: 'stop',
  summary: 'Ends the run of a service that was started with start, all of its processes.',
  effect: 'destructive',
  positional: ['name'],
  examples: ['ports stop Grafana', 'ports stop "Redis Cache" --timeout 30'],
  input: z.object({
    name: z.string().check(z.describe('the service')),
    timeout: z
      .optional(z.coerce.number().check(z.gte(0), z.lte(3600)))
      .check(z.describe(`seconds between asking and forcing (KILL); its recipe's, or ${patience}`)),
  }),
  output,
  async run(world, { name, timeout }, call) {
    const halted = await haltNamed(world, name, timeout, call)
    if (!halted) throw new Problem('not-running', { service: name })
    return halted
  },
})

/** Ends the run of the service that is called so, as its recipe says; null where none runs. Throws `service-unknown`. */
export async function haltNamed(
  world: World,
  name: string,
  timeout: number | undefined,
  call: Call,
  more: { readonly keepSocket?: boolean } = {},
): Promise<Stop | null> {
  const registry = await world.registry.read({ host: world.host })
  const service = requireService(registry, world.host, name).name
  const kept = (await readRecipeFile(world, call)).find((recipe) => nameKey(recipe.service) === nameKey(service))
  const halted = await halt(world, service, stopOf(kept, timeout), call, more)
  return halted && { service, ...halted }
}

/** How a service is asked to end, and for how long. */
export function stopOf(recipe: Recipe | undefined, timeout: number | undefined): Recipe['stop'] {
  const { signal, seconds } = recipe?.stop ?? { ...plainRecipe('', '', '').stop, seconds: patience }
  return { signal, seconds: timeout ?? seconds }
}
