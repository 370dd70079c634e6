import { dirname, isAbsolute, join } from 'node:path'
import { isProblem, Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/**
 * The recipes of this machine, or of the file that is named. They are a file and not part of the registry: a registry may be shared, and nobody who may
 * write there should thereby run commands here. Throws `recipe-invalid`.
 */
export async function readRecipeFile(world: World, call: Call, file?: string): Promise<Recipe[]> {
  const path = file === undefined ? world.files.services : isAbsolute(file) ? file : join(call.cwd, file)
  const text = await textOf(world, path, file === undefined)
  if (text === null) return []
  const { readRecipes } = await import('../formats/recipes/read.ts')
  return readRecipes(text, { path, folder: dirname(path), home: call.environment.HOME ?? null })
}

/** Null where the machine's own file is not there yet. */
async function textOf(world: World, path: string, optional: boolean): Promise<string | null> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (optional && isProblem(error, 'file-missing')) return null
    throw error
  }
}

/** What the service's processes get as environment: the caller's, the file's, the recipe's own, each outranking the one before. */
export async function environmentFor(world: World, recipe: Recipe, call: Call): Promise<Record<string, string>> {
  const { environmentFile, cwd, environment } = recipe
  if (environmentFile === null) return { ...call.environment, ...environment }
  const path = isAbsolute(environmentFile) ? environmentFile : join(cwd, environmentFile)
  const text = new TextDecoder().decode(await world.files.read(path))
  const { readVariables } = await import('../formats/compose/dotenv.ts')
  try {
    // Read with nothing outside, so that what the file says counts and not what the shell happens to have.
    const own = readVariables(text, path, new Map(), new Map(Object.entries(call.environment)))
    return { ...Object.fromEntries(own), ...environment }
  } catch (error) {
    throw isProblem(error, 'compose-invalid') ? new Problem('recipe-invalid', error.facts) : error
  }
}
