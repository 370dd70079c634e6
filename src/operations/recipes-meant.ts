import { nameKey } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { findRange, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { nearest } from '../core/text.ts'

/**
 * The recipes that the words mean, each a service, a tag, or a range of the registry; all of them where there is no word. Throws `recipe-missing` for a
 * service without one, `service-unknown` for a word that is nothing.
 */
export function recipesMeant(
  recipes: readonly Recipe[],
  registry: Registry,
  host: string,
  words: readonly string[],
): Recipe[] {
  if (!words.length) return [...recipes]
  return [...new Set(words.flatMap((word) => meantBy(recipes, registry, host, word)))]
}

function meantBy(recipes: readonly Recipe[], registry: Registry, host: string, word: string): Recipe[] {
  const named = recipes.filter(({ service }) => nameKey(service) === nameKey(word))
  if (named.length) return named
  const tagged = recipes.filter(({ tags }) => tags.includes(word))
  if (tagged.length) return tagged
  const range = findRange(registry, word)
  if (range) {
    return recipes.filter(({ service }) => {
      const home = findService(registry, host, service)?.range ?? null
      return home !== null && nameKey(home) === nameKey(range.name)
    })
  }
  const service = findService(registry, host, word)
  if (service) throw new Problem('recipe-missing', { service: service.name, neededBy: null })
  const names = [...recipes.map((recipe) => recipe.service), ...registry.services.map(({ name }) => name)]
  throw new Problem('service-unknown', { name: word, nearest: nearest(word, names) })
}
