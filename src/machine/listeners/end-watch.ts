import type { Holder } from '../../core/listener.ts'
import { NativeEndWatch } from '../native/ended.ts'
import type { Libc } from '../native/libc.ts'
import { isAlive } from '../processes/identity.ts'

/** Tells which holders have ended: through pidfds where the system gives them, by looking at each of the others. */
export class EndWatch {
  readonly #native: NativeEndWatch | null
  #watched = new Map<number, Holder>()
  /** Those for whom there is no pidfd. */
  #others: Holder[] = []

  constructor(libc: Libc | null) {
    this.#native = libc && new NativeEndWatch(libc)
  }

  /** From now on these and no others. */
  watchOnly(holders: readonly Holder[]): void {
    const wanted = new Map(holders.map((holder) => [holder.pid, holder]))
    for (const [pid, { start }] of this.#watched) if (wanted.get(pid)?.start !== start) this.#native?.remove(pid)
    this.#others = []
    for (const [pid, holder] of wanted) {
      const isNew = this.#watched.get(pid)?.start !== holder.start
      const watched = this.#native?.add(pid) ?? false
      // Whoever ended before the pidfd was open may have left the pid to somebody else.
      if (watched && isNew && !isAlive(holder)) this.#native?.remove(pid)
      else if (watched) continue
      this.#others.push(holder)
    }
    this.#watched = wanted
  }

  /** The pids of holders that have ended. */
  ended(): number[] {
    const others = this.#others.filter((holder) => !isAlive(holder)).map(({ pid }) => pid)
    return [...(this.#native?.ended() ?? []), ...others]
  }

  close(): void {
    this.#native?.close()
  }
}
