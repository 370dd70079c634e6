import { nameKey } from '../core/name.ts'
import { portsNamed } from '../core/port-reference.ts'
import type { PortNumber } from '../core/port.ts'
import { isProblem } from '../core/problem.ts'
import type { Call } from './operation.ts'
import { readRecipeFile } from './recipes.ts'
import { currentRun } from './runs.ts'
import type { World } from './world.ts'

/**
 * The services of ours that run as if a service had not left its port: itself where it was started there, then those that were told its port because their recipes
 * name it. What cannot be read here is no reason for a move that has happened to fail: then fewer are named.
 */
export async function startedBefore(world: World, call: Call, service: string, from: PortNumber): Promise<string[]> {
  try {
    const own = await currentRun(world, service)
    const found = own?.run.port === from ? [own.run.service] : []
    for (const recipe of await readRecipeFile(world, call)) {
      const names = portsNamed(recipe).some((name) => nameKey(name) === nameKey(service))
      if (names && (await currentRun(world, recipe.service))) found.push(recipe.service)
    }
    return found
  } catch (error) {
    if (isProblem(error)) return []
    throw error
  }
}
