import { isFull, keptParts } from '../core/log-rotation.ts'
import type { Run } from '../core/run.ts'
import type { World } from './world.ts'

/** A look costs one stat for each log; milliseconds. */
const pause = 1_000

/** Keeps the logs of runs from growing for ever, while the runs write to them. */
export class LogKeeper {
  readonly #world: World
  /** When the parts of each log that is watched began; milliseconds of the wall clock. */
  readonly #began = new Map<string, number>()
  #looked = -Infinity

  constructor(world: World) {
    this.#world = world
  }

  /** Looks, where it is time again. Throws `file-unwritable`. */
  async look(runs: readonly Run[]): Promise<void> {
    const { clock, files } = this.#world
    if (clock.elapsed() - this.#looked < pause) return
    this.#looked = clock.elapsed()
    for (const { log, startedAt } of runs) {
      const size = await files.size(log)
      if (size === null) continue
      const now = clock.now().getTime()
      const began = this.#began.get(log) ?? (await this.#beginningOf(log, startedAt))
      this.#began.set(log, began)
      if (!isFull({ size, age: now - began })) continue
      await files.rotate(log, keptParts)
      this.#began.set(log, now)
    }
    const logs = new Set(runs.map(({ log }) => log))
    for (const log of this.#began.keys()) if (!logs.has(log)) this.#began.delete(log)
  }

  async #beginningOf(log: string, startedAt: string): Promise<number> {
    return (await this.#world.files.parts(log)).at(-1)?.until ?? Date.parse(startedAt)
  }
}
