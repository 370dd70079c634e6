import { nameKey } from './name.ts'
import { portsNamed } from './port-reference.ts'
import type { PlannedRecipe } from './recipe-import.ts'
import { plainRecipe, startWaves } from './recipe.ts'
import type { Recipe } from './recipe.ts'

/**
 * Why planned recipes could not be started though each by itself is right: nobody knows how to start a service that they wait for, or a service has no port that they
 * name. `kept` are our own recipes, `promised` all services that have a port, both by the keys of their names. Throws `start-cycle` where services would wait for each other.
 */
export function whatLacks(
  recipes: readonly PlannedRecipe[],
  kept: ReadonlyMap<string, Recipe>,
  promised: ReadonlySet<string>,
): { readonly service: string; readonly why: string }[] {
  const planned = recipes.map(({ service, says, outcome }) => {
    const own = kept.get(nameKey(service)) ?? plainRecipe(service, says.command, says.cwd)
    const { after = own.after, environment = own.environment, command } = says
    return outcome === 'differs' ? own : { ...own, after, environment, command }
  })
  const all = new Map(kept)
  for (const recipe of planned) all.set(nameKey(recipe.service), recipe)
  const isKnown = (name: string): boolean => all.has(nameKey(name))
  const known = [...all.values()].map((recipe) => ({ ...recipe, after: recipe.after.filter(isKnown) }))
  startWaves(
    known,
    planned.map(({ service }) => service),
  )
  return planned.flatMap((recipe) =>
    [
      ...recipe.after
        .filter((name) => !isKnown(name))
        .map((name) => `it waits for ${name}, and how to start that is not known`),
      ...portsNamed(recipe)
        .filter((name) => !promised.has(nameKey(name)))
        .map((name) => `it names the port of ${name}, which has none`),
    ].map((why) => ({ service: recipe.service, why })),
  )
}
