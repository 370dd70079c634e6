import { nameKey } from './name.ts'
import { portsNamed } from './port-reference.ts'
import type { PlannedRecipe } from './recipe-import.ts'
import { plainRecipe, startWaves } from './recipe.ts'
import type { Recipe } from './recipe.ts'

interface Lack {
  readonly service: string
  readonly why: string
}

/**
 * Why some of the recipes could not be started though each by itself is right: nobody knows how to start a service that they wait for, or a service has no port that
 * they name. `names` are those that are asked about, `promised` the keys of all services that have a port. Throws `start-cycle` where services wait for each other.
 */
export function whatLacks(all: readonly Recipe[], names: readonly string[], promised: ReadonlySet<string>): Lack[] {
  const known = new Map(all.map((recipe) => [nameKey(recipe.service), recipe]))
  const isKnown = (name: string): boolean => known.has(nameKey(name))
  const reachable = all.map((recipe) => ({ ...recipe, after: recipe.after.filter(isKnown) }))
  startWaves(reachable, names)
  return names.flatMap((name) => {
    const recipe = known.get(nameKey(name))
    if (!recipe) return []
    const missing = recipe.after.filter((other) => !isKnown(other))
    const portless = portsNamed(recipe).filter((other) => !promised.has(nameKey(other)))
    return [
      ...missing.map((other) => `it waits for ${other}, and how to start that is not known`),
      ...portless.map((other) => `it names the port of ${other}, which has none`),
    ].map((why) => ({ service: recipe.service, why }))
  })
}

/** What planned recipes would lack once they are kept beside `kept`, our own by the keys of their names. Throws `start-cycle`. */
export function whatPlannedLack(
  recipes: readonly PlannedRecipe[],
  kept: ReadonlyMap<string, Recipe>,
  promised: ReadonlySet<string>,
): Lack[] {
  const all = new Map(kept)
  for (const { service, says, outcome } of recipes) {
    const own = kept.get(nameKey(service)) ?? plainRecipe(service, says.command, says.cwd)
    const { after = own.after, environment = own.environment, command } = says
    all.set(nameKey(service), outcome === 'differs' ? own : { ...own, after, environment, command })
  }
  return whatLacks(
    [...all.values()],
    recipes.map(({ service }) => service),
    promised,
  )
}
