import { readPids, readStat } from '../processes/stat.ts'

/**
 * The processes by when they were first seen, so that those who may have opened something new are looked at first. A pid says nothing of age: pids wrap around within the hour
 * on a busy machine. One that was used again between two lists keeps its old place in the order and is still looked at.
 */
export class KnownProcesses {
  /** Start times by pid, in clock ticks after boot. */
  #starts = new Map<number, number>()

  /** Reads the list anew; gives the pids that were not there last time, youngest first. */
  refresh(): number[] {
    const starts = new Map<number, number>()
    const unseen: number[] = []
    for (const pid of readPids()) {
      const known = this.#starts.get(pid)
      const start = known ?? readStat(pid)?.start
      if (start === undefined) continue
      starts.set(pid, start)
      if (known === undefined) unseen.push(pid)
    }
    this.#starts = starts
    return this.#youngestFirst(unseen)
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
