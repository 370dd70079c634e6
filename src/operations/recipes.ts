import { dirname, isAbsolute, join } from 'node:path'
import { isProblem, Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { readVariables } from '../formats/compose/dotenv.ts'
import { textOf } from './compose-project.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/**
 * The recipes of this machine, or of the file that is named. They are a file and not part of the registry: a registry may be shared, and nobody who may
 * write there should thereby run commands here. Throws `recipe-invalid`.
 */
export async function readRecipeFile(world: World, call: Call, file?: string): Promise<Recipe[]> {
  const path = file === undefined ? world.files.services : isAbsolute(file) ? file : join(call.cwd, file)
  const text = file === undefined ? await ownRecipes(world) : new TextDecoder().decode(await world.files.read(path))
  const { readRecipes } = await import('../formats/recipes/read.ts')
  return readRecipes(text, { path, folder: dirname(path), home: call.environment.HOME ?? null })
}

/** The text of this machine's own file of recipes, empty where it is not there yet. */
export async function ownRecipes(world: World): Promise<string> {
  return (await textOf(world, world.files.services)) ?? ''
}

/** What the service's processes get as environment: the caller's, the file's, the recipe's own, each outranking the one before. */
export async function environmentFor(world: World, recipe: Recipe, call: Call): Promise<Record<string, string>> {
  const { service, environmentFile, cwd, environment } = recipe
  if (environmentFile === null) return { ...call.environment, ...environment }
  const path = isAbsolute(environmentFile) ? environmentFile : join(cwd, environmentFile)
  const text = await textOf(world, path)
  if (text === null) throw new Problem('env-file-missing', { service, path })
  return { ...Object.fromEntries(readEnvironmentFile(text, path, call.environment)), ...environment }
}

/** What an env file says, beside and above what is there already. Throws `env-file-invalid` with the line. */
export function readEnvironmentFile(
  text: string,
  path: string,
  present: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  try {
    // Read with nothing outside, so that what the file says counts and not what the shell happens to have.
    return readVariables(text, path, new Map(), new Map(Object.entries(present)))
  } catch (error) {
    throw isProblem(error, 'compose-invalid') ? new Problem('env-file-invalid', error.facts) : error
  }
}
