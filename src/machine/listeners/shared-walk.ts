/**
 * A walk that two threads share: process ids to take, sockets that are wanted, and what the second thread found. All numbers are 32 bits wide, which
 * is what the kernel numbers sockets with (`get_next_ino`, fs/inode.c).
 */
export class SharedWalk {
  readonly memory: SharedArrayBuffer
  readonly pids: Int32Array
  readonly wanted: Uint32Array
  readonly #state: Int32Array
  readonly #found: Uint32Array

  /** Of what another thread sent. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#state = new Int32Array(memory, 0, words)
    const pids = this.#state[at.pids] ?? 0
    const wanted = this.#state[at.wanted] ?? 0
    this.pids = new Int32Array(memory, words * 4, pids)
    this.wanted = new Uint32Array(memory, (words + pids) * 4, wanted)
    this.#found = new Uint32Array(memory, (words + pids + wanted) * 4)
  }

  static of(pids: readonly number[], wanted: ReadonlySet<number>): SharedWalk {
    const memory = new SharedArrayBuffer((words + pids.length + wanted.size + 2 * mostFound) * 4)
    const state = new Int32Array(memory, 0, words)
    state[at.pids] = pids.length
    state[at.wanted] = wanted.size
    const walk = new SharedWalk(memory)
    walk.pids.set(pids)
    walk.wanted.set([...wanted])
    return walk
  }

  /** The next process that nobody has taken, null when there is none. */
  take(): number | null {
    return this.pids[Atomics.add(this.#state, at.next, 1)] ?? null
  }

  /** The second thread asks whether there is something to do for it still. */
  begin(): boolean {
    return Atomics.compareExchange(this.#state, at.phase, phase.waiting, phase.walking) === phase.waiting
  }

  /** The second thread keeps a find. False where there is no more room: then it must not take part. */
  keep(pid: number, inode: number): boolean {
    const index = Atomics.add(this.#state, at.found, 1)
    if (index >= mostFound) return false
    this.#found[index * 2] = pid
    this.#found[index * 2 + 1] = inode
    return true
  }

  end(whole: boolean): void {
    Atomics.store(this.#state, at.phase, whole ? phase.done : phase.failed)
    Atomics.notify(this.#state, at.phase)
  }

  /**
   * What the second thread found, once it has nothing more to take. Empty where it never began; null where it failed or does not end, so that what it
   * took has to be walked again.
   */
  collect(patience: number): [pid: number, inode: number][] | null {
    if (Atomics.compareExchange(this.#state, at.phase, phase.waiting, phase.done) === phase.waiting) return []
    Atomics.wait(this.#state, at.phase, phase.walking, patience)
    if (Atomics.load(this.#state, at.phase) !== phase.done) return null
    const count = Atomics.load(this.#state, at.found)
    return Array.from({ length: count }, (_, index) => [this.#found[index * 2] ?? 0, this.#found[index * 2 + 1] ?? 0])
  }
}

/** Places in the state. */
const at = { pids: 0, wanted: 1, next: 2, phase: 3, found: 4 } as const
const words = 8
const phase = { waiting: 0, walking: 1, done: 2, failed: 3 } as const

/** A socket may have many holders: a server with 1,000 workers and 60 ports fits. */
const mostFound = 65_536
