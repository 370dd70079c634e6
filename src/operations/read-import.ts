import { isAbsolute, join } from 'node:path'
import { documentOfCompose } from '../core/compose-document.ts'
import type { PortDocument } from '../core/document.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { RecipeDocument, RecipePlan } from '../core/recipe-import.ts'
import { planRecipes } from '../core/recipe-import.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Registry } from '../core/registry.ts'
import { looksLikeCompose } from '../formats/compose/detect.ts'
import { recipeSourceOf } from '../formats/recipes/detect.ts'
import { findProject, textOf } from './compose-project.ts'
import type { Call } from './operation.ts'

import { readDocument } from './read-document.ts'
import type { World } from './world.ts'

/** What is imported, and how. */
export interface ImportAsked {
  readonly file: string
  /** The process types, scripts or services that are to become recipes; those that serve, where none is named. */
  readonly take: readonly string[]
  /** Whether our own recipes give way. */
  readonly replace: boolean
}

/** A file that was read. */
interface ReadImport {
  readonly startedBy: 'ports' | 'compose' | null
  readonly planFor: (registry: Registry, own: readonly Recipe[]) => RecipePlan
}

/**
 * What a file would make of a registry and of our own recipes: a port table says it whatever the registry says, a compose project and what says how services are started only
 * add to it. Throws what reading the file and its form throw.
 */
export async function readImport(world: World, call: Call, { file, take, replace }: ImportAsked): Promise<ReadImport> {
  const path = isAbsolute(file) ? file : join(call.cwd, file)
  const source = await recipeSource(world, call, path, take)
  if (source) {
    const planFor = (registry: Registry, own: readonly Recipe[]): RecipePlan =>
      planRecipes(source, registry, world.host, own, replace)
    return { startedBy: 'ports', planFor }
  }
  if (/\.ya?ml$/i.test(path)) {
    const text = await textOf(world, path)
    if (text !== null && looksLikeCompose(text)) {
      const input = { files: [path], profile: [], envFile: [] }
      const { project } = await findProject(world, call, input, { withOurs: false })
      return { startedBy: 'compose', planFor: (registry) => only(documentOfCompose(project, registry, world.host)) }
    }
  }
  const document = await readDocument(world, call, file)
  return { startedBy: null, planFor: () => only(document) }
}

function only(document: PortDocument): RecipePlan {
  return { document, recipes: [] }
}

/** What the file says of how services are started; null where it is no such file. */
async function recipeSource(
  world: World,
  call: Call,
  path: string,
  take: readonly string[],
): Promise<RecipeDocument | null> {
  if (/\.ya?ml$/i.test(path)) return await recipeFile(world, call, path, take)
  const source = recipeSourceOf(path)
  if (source === null) return null
  const text = await sourceText(world, path)
  const [{ procfileRecipes }, { packageRecipes }] = await Promise.all([
    import('./recipe-import/procfile.ts'),
    import('./recipe-import/package-scripts.ts'),
  ])
  return await (source === 'procfile' ? procfileRecipes : packageRecipes)(world, path, text, take)
}

async function recipeFile(
  world: World,
  call: Call,
  path: string,
  take: readonly string[],
): Promise<RecipeDocument | null> {
  const { isRecipeFile } = await import('../formats/recipes/recognise.ts')
  const text = await textOf(world, path)
  if (text === null || !isRecipeFile(text, path)) return null
  const { recipeFileRecipes } = await import('./recipe-import/recipe-file.ts')
  return await recipeFileRecipes(world, path, text, take, call.environment.HOME ?? null)
}

async function sourceText(world: World, path: string): Promise<string> {
  const { decodeDocument } = await import('../formats/decode.ts')
  try {
    return decodeDocument(await world.files.read(path), path)
  } catch (error) {
    if (!isProblem(error, 'document-unusable')) throw error
    throw new Problem('recipe-source-invalid', { path, line: 1, why: error.facts.why })
  }
}
