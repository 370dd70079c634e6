import { readPids, readStat } from '../processes/stat.ts'

/**
 * The processes by when they were first seen, so that those who may have opened something new are looked at first. A pid says nothing of age: pids wrap around within the hour
 * on a busy machine. One that was used again between two lists keeps its old place in the order and is still looked at.
 */
export class KnownProcesses {
  /** Start times by pid, in clock ticks after boot. */
  readonly #starts = new Map<number, number>()

  readonly #list: () => number[]

  constructor(list: () => number[] = readPids) {
    this.#list = list
  }

  /** Reads the list anew; gives the pids that were not there last time, youngest first. Costs what has changed, and the list itself. */
  refresh(): number[] {
    const pids = this.#list()
    const unseen = pids.filter((pid) => !this.#starts.has(pid))
    if (pids.length - unseen.length < this.#starts.size) {
      const there = new Set(pids)
      for (const pid of this.#starts.keys()) if (!there.has(pid)) this.#starts.delete(pid)
    }
    for (const pid of unseen) {
      const start = readStat(pid)?.start
      if (start !== undefined) this.#starts.set(pid, start)
    }
    return this.#youngestFirst(unseen.filter((pid) => this.#starts.has(pid)))
  }

  /** Every process of the last list, youngest first. */
  all(): number[] {
    return this.#youngestFirst([...this.#starts.keys()])
  }

  #youngestFirst(pids: number[]): number[] {
    const start = (pid: number): number => this.#starts.get(pid) ?? 0
    return pids.toSorted((a, b) => start(b) - start(a) || b - a)
  }
}
