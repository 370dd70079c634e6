import type { ServiceLog } from './logs.ts'
import { partOf } from './log-files.ts'
import type { World } from './world.ts'

const mostBytes = 1 << 16
/** A cut without a part of its own was made by somebody else; so many looks are waited for the part. */
const mostWaits = 5

/** Goes on with the log of a service from where `logs` ended: through cuts of the log, and to the next run when there is one. */
export class LogFollower {
  readonly service: string
  readonly #world: World
  #log: string
  #from: number
  #part: number
  #torn = ''
  #waits = 0
  #mark: unknown

  constructor(world: World, { service, log, end, part }: ServiceLog) {
    this.#world = world
    this.service = service
    this.#log = log
    this.#from = end
    this.#part = part
  }

  /** The whole lines that were written since the last look. */
  async look(): Promise<string[]> {
    let text = ''
    for (let next = this.#nextPart(); (await this.#world.files.size(next)) !== null; next = this.#nextPart()) {
      text += await this.#rest(next)
      this.#begin(this.#log, this.#part + 1)
    }
    text += await this.#rest(this.#log)
    if (await this.#nextRun()) text += await this.#rest(this.#log)
    const lines = (this.#torn + text).split('\n')
    this.#torn = lines.pop() ?? ''
    return lines
  }

  #nextPart(): string {
    return partOf(this.#log, this.#part + 1)
  }

  async #rest(path: string): Promise<string> {
    let all = ''
    for (;;) {
      const { text, end } = await this.#world.files.tail(path, this.#from, mostBytes)
      if (end < this.#from) {
        await this.#awaitPart()
        return all
      }
      this.#waits = 0
      if (end === this.#from) return all
      this.#from = end
      all += text
    }
  }

  /** It is shorter than it was: its part appears in a moment, or somebody emptied it by hand. */
  async #awaitPart(): Promise<void> {
    if (++this.#waits < mostWaits) return
    this.#begin(this.#log, (await this.#world.files.parts(this.#log)).at(-1)?.number ?? 0)
  }

  /** Turns to the log of a run that began meanwhile. */
  async #nextRun(): Promise<boolean> {
    const { journal } = this.#world
    const mark = await journal.mark()
    if (mark === this.#mark) return false
    const [run] = await journal.runs({ service: this.service })
    this.#mark = mark
    if (!run || run.log === this.#log) return false
    this.#begin(run.log, 0)
    return true
  }

  #begin(log: string, part: number): void {
    this.#log = log
    this.#part = part
    this.#from = 0
    this.#waits = 0
  }
}
