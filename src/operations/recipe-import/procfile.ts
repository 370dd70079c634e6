import { basename, dirname, join } from 'node:path'
import type { UnusedLine } from '../../core/document.ts'
import { isPortNumber } from '../../core/port.ts'
import type { RecipeDocument, RecipeDraft } from '../../core/recipe-import.ts'
import { readProcfile } from '../../formats/recipes/procfile.ts'
import { textOf } from '../compose-project.ts'
import { readEnvironmentFile } from '../recipes.ts'
import { scriptsOf } from '../port-words.ts'
import type { World } from '../world.ts'
import { listeningOf } from './listening.ts'
import { nameOfFolder } from './name.ts'
import { refuseUnknown } from './taken.ts'

/** What Foreman gives the first process type where nobody says a port, and what lies between two. Source: `Foreman::Engine`. */
const foremanBase = 5000
const foremanStep = 100

/**
 * The process types of a Procfile that listen, as services: `web`, and whatever names `$PORT`, a port, or a program that is known to serve; or those in `take`.
 * Each has the port that Foreman would give it, unless its command names one. Throws `taken-unknown`, `env-file-invalid`.
 */
export async function procfileRecipes(
  world: World,
  path: string,
  text: string,
  take: readonly string[],
): Promise<RecipeDocument> {
  const folder = dirname(path)
  const { types, unread } = readProcfile(text)
  refuseUnknown(
    path,
    take,
    types.map(({ name }) => name),
  )
  const project = await nameOfFolder(world, folder)
  const environment = await textOf(world, join(folder, '.env'))
  const told =
    environment === null ? '' : (readEnvironmentFile(environment, join(folder, '.env'), {}).get('PORT') ?? '')
  const base = /^\d{1,5}$/.test(told) && isPortNumber(Number(told)) ? Number(told) : foremanBase
  const scripts = await scriptsOf(world, folder)
  const services: RecipeDraft[] = []
  const unused: UnusedLine[] = unread.map((line) => ({ ...line, contradicts: false }))
  for (const [index, { line, name, command }] of types.entries()) {
    const listening = listeningOf(command, scripts)
    const isTaken = take.length ? take.includes(name) : name === 'web' || listening.serves
    if (!isTaken) {
      const why = take.length
        ? `--take does not name it`
        : `nothing tells that it listens on a port; --take ${name} takes it`
      unused.push({ line, text: `${name}: ${command}`, why, contradicts: false })
      continue
    }
    const foreman = base + index * foremanStep
    services.push({
      line,
      service: `${project} ${name}`,
      says: { command: listening.command, cwd: folder, ...(environment !== null && { environmentFile: '.env' }) },
      tags: [project],
      description: `${name} of ${basename(path)}`,
      port: listening.named ?? (isPortNumber(foreman) ? foreman : null),
      fixed: listening.fixed,
    })
  }
  return { services, unused }
}
