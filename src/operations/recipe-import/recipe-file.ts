import { basename, dirname } from 'node:path'
import type { RecipeDocument } from '../../core/recipe-import.ts'
import { readWrittenRecipes } from '../../formats/recipes/read.ts'
import { saysOf } from '../../formats/recipes/says.ts'
import type { World } from '../world.ts'
import { nameOfFolder } from './name.ts'
import { refuseUnknown } from './taken.ts'

/** The recipes of a `services.yaml` that is kept with its project: all of them, or those in `take`. Throws `recipe-invalid`, `taken-unknown`. */
export async function recipeFileRecipes(
  world: World,
  path: string,
  text: string,
  take: readonly string[],
  home: string | null,
): Promise<RecipeDocument> {
  const folder = dirname(path)
  const written = readWrittenRecipes(text, { path, folder, home })
  const names = written.map(({ recipe }) => recipe.service)
  refuseUnknown(path, take, names)
  const description = written.length ? `${basename(path)} of ${await nameOfFolder(world, folder)}` : ''
  const isTaken = (name: string): boolean => take.length === 0 || take.includes(name)
  return {
    services: written
      .filter(({ recipe }) => isTaken(recipe.service))
      .map((one) => {
        const { service, port } = one.recipe
        return { line: one.line, service, says: saysOf(one), tags: [], description, port, fixed: false, chosen: true }
      }),
    unused: written
      .filter(({ recipe }) => !isTaken(recipe.service))
      .map(({ line, recipe }) => ({ line, text: recipe.service, why: '--take does not name it', contradicts: false })),
  }
}
