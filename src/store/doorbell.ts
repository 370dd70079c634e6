/** Wakes whoever waits in this process. */
export class Doorbell {
  readonly #waiting = new Set<() => void>()

  ring(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves with whether it rang; without a ring after so many milliseconds, or at once when the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (rang: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', giveUp)
        resolve(rang)
      }
      const wake = (): void => finish(true)
      const giveUp = (): void => finish(false)
      const timer = setTimeout(giveUp, milliseconds)
      this.#waiting.add(wake)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
    })
  }
}
