import { dirname } from 'node:path'
import type { PlannedRecipe } from '../../core/recipe-import.ts'
import { readRecipes } from '../../formats/recipes/read.ts'
import { entriesOf } from '../../formats/recipes/says.ts'
import { editRecipe } from '../../formats/recipes/write.ts'
import type { Call } from '../operation.ts'
import { ownRecipes } from '../recipes.ts'
import type { World } from '../world.ts'

/** Writes the recipes into the file of this machine, all in one step. What a person wrote there beside them stays. Throws `recipe-invalid`, `file-unwritable`. */
export async function keepRecipes(world: World, call: Call, recipes: readonly PlannedRecipe[]): Promise<void> {
  const path = world.files.services
  const text = recipes.reduce(
    (before, { service, says, tags }) =>
      editRecipe(before, service, { ...entriesOf(says), ...(tags.length > 0 && { tags }) }),
    await ownRecipes(world),
  )
  // What could not be read again is never written.
  readRecipes(text, { path, folder: dirname(path), home: call.environment.HOME ?? null })
  await world.files.write(path, text)
}
