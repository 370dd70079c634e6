import { nameKey } from '../core/name.ts'
import { isProblem } from '../core/problem.ts'
import { plainRecipe } from '../core/recipe.ts'
import type { Recipe } from '../core/recipe.ts'
import { LogKeeper } from './keep-logs.ts'
import { KeptService } from './kept-service.ts'
import type { Keeper } from './kept-service.ts'
import { readRecipeFile } from './recipes.ts'

/**
 * Brings what runs and what is wanted together, look by look. The journal and the file of recipes are read only when somebody has written there; in between a
 * look costs one process of each service.
 */
export class Reconciler {
  readonly #keeper: Keeper
  readonly #kept = new Map<string, KeptService>()
  readonly #logs: LogKeeper
  #mark: unknown = Symbol('never read')
  #stamp: string | null | undefined
  #recipes: readonly Recipe[] = []
  #trouble = ''

  constructor(keeper: Keeper) {
    this.#keeper = keeper
    this.#logs = new LogKeeper(keeper.world)
  }

  /** How many services are kept up. */
  get size(): number {
    return this.#kept.size
  }

  /** What cannot be read or written is told once and tried again at the next look. */
  async look(): Promise<void> {
    try {
      await this.#readRecipes()
      await this.#readWanted()
      for (const [key, kept] of this.#kept) {
        await kept.step()
        if (kept.wanted || !kept.idle) continue
        this.#kept.delete(key)
        // It may have been wanted again before it was let go.
        this.#mark = Symbol('to be read again')
      }
      await this.#logs.look([...this.#kept.values()].flatMap(({ run }) => run ?? []))
      this.#trouble = ''
    } catch (error) {
      if (!isProblem(error)) throw error
      if (this.#trouble !== error.message) this.#keeper.call.progress(`${error.message}; ${error.hint}`)
      this.#trouble = error.message
      this.#mark = Symbol('to be read again')
    }
  }

  /** A file that is wrong leaves the recipes as they were: nothing is restarted by half a sentence. */
  async #readRecipes(): Promise<void> {
    const { world, call } = this.#keeper
    const stamp = await world.files.stamp(world.files.services)
    if (stamp === this.#stamp) return
    this.#stamp = stamp
    try {
      this.#recipes = await readRecipeFile(world, call)
    } catch (error) {
      if (!isProblem(error)) throw error
      call.progress(`the recipes stay as they were: ${error.message}`)
    }
    for (const kept of this.#kept.values()) kept.recipe = this.#recipeOf(kept.service) ?? kept.recipe
  }

  async #readWanted(): Promise<void> {
    const { journal } = this.#keeper.world
    // Read before the journal is: what is written in between is seen at the next look.
    const mark = await journal.mark()
    if (mark === this.#mark) return
    const wanted = new Map((await journal.wanted()).map((service) => [nameKey(service), service]))
    const running = new Map((await journal.runs({ unended: true })).map((run) => [nameKey(run.service), run.id]))
    for (const [key, kept] of this.#kept) {
      if (!wanted.has(key)) kept.letGo()
      // Somebody began a run of what failed, or waits to be started again.
      else if (kept.idle && kept.run === null && running.has(key)) await kept.adopt()
      if (wanted.has(key)) kept.wanted = true
    }
    for (const [key, service] of wanted) {
      if (this.#kept.has(key)) continue
      const kept = new KeptService(this.#keeper, service, await this.#recipeFor(service))
      await kept.takeOver()
      this.#kept.set(key, kept)
    }
    this.#mark = mark
  }

  #recipeOf(service: string): Recipe | null {
    return this.#recipes.find((recipe) => nameKey(recipe.service) === nameKey(service)) ?? null
  }

  /** Without a recipe it is started as it was last, by hand only: its policy is `no`. */
  async #recipeFor(service: string): Promise<Recipe> {
    const [last] = await this.#keeper.world.journal.runs({ service })
    return this.#recipeOf(service) ?? plainRecipe(service, last?.command ?? '', last?.cwd ?? '/')
  }
}
