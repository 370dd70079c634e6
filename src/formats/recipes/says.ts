import type { RecipeSays } from '../../core/recipe-import.ts'
import type { RecipeKey, WrittenRecipe } from './read.ts'
import { healthEntry } from './write.ts'
import type { RecipeEdit } from './write.ts'

/** What a recipe of a file says, without what counts only because nothing is said. Its port is no part of it: that is the registry's. */
export function saysOf({ recipe, keys }: WrittenRecipe): RecipeSays {
  const { command, cwd, environment, environmentFile, within, health, restart, stop, after, tags, memory } = recipe
  const { handOver, backend } = recipe
  const has = (key: RecipeKey): boolean => keys.includes(key)
  const { signal, seconds } = stop
  return {
    command,
    cwd,
    ...(has('environment') && { environment }),
    ...(has('env_file') && { environmentFile }),
    ...(has('start_period') && { within }),
    ...(has('healthcheck') && { health }),
    ...(has('restart') && { restart }),
    ...((has('stop_signal') || has('stop_grace_period')) && {
      stop: { ...(has('stop_signal') && { signal }), ...(has('stop_grace_period') && { seconds }) },
    }),
    ...(has('depends_on') && { after }),
    ...(has('tags') && { tags }),
    ...(has('mem_limit') && { memory }),
    ...(has('hand_over') && { handOver }),
    ...(has('backend') && { backend }),
  }
}

/** The same as it stands in a file; what is not said is left as it stands there. */
export function entriesOf({ command, cwd, stop, ...says }: RecipeSays): RecipeEdit {
  const { environment, environmentFile, within, health, restart, after, tags, memory, handOver, backend } = says
  return {
    command,
    working_dir: cwd,
    ...(environment !== undefined && { environment: Object.keys(environment).length ? environment : null }),
    ...(environmentFile !== undefined && { env_file: environmentFile }),
    ...(within !== undefined && { start_period: `${within}s` }),
    ...(health !== undefined && { healthcheck: health && healthEntry(health) }),
    ...(restart !== undefined && { restart }),
    ...(stop?.signal !== undefined && { stop_signal: stop.signal }),
    ...(stop?.seconds !== undefined && { stop_grace_period: `${stop.seconds}s` }),
    ...(after !== undefined && { depends_on: after.length ? after : null }),
    ...(tags !== undefined && { tags: tags.length ? tags : null }),
    ...(memory !== undefined && { mem_limit: memory }),
    ...(handOver !== undefined && { hand_over: handOver }),
    ...(backend !== undefined && { backend }),
  }
}
