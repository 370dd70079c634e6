import { Doorbell } from '../doorbell.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { encoded } from './wire.ts'

/**
 * How long a watcher waits without news before it looks for itself, in milliseconds. A connection can be dead without anybody saying so; then a
 * watcher is late by this, and still misses nothing.
 */
const longestSilence = 5_000

/** Between two attempts to listen again, in milliseconds. */
const pause = 100

/** Tells that something may have been committed, by anybody. It is only ever a reason to look: what it says is not read. */
export class News {
  readonly #client: EtcdClient
  readonly #keys: Keys
  readonly #bell = new Doorbell()
  #count = 0

  constructor(client: EtcdClient, keys: Keys) {
    this.#client = client
    this.#keys = keys
  }

  get count(): number {
    return this.#count
  }

  ring(): void {
    this.#count++
    this.#bell.ring()
  }

  /** Resolves when there was news since the count, after the longest silence, or when the signal aborts. */
  async since(count: number, signal: AbortSignal): Promise<void> {
    if (count === this.#count) await this.#bell.wait(longestSilence, signal)
  }

  /** Listens to etcd until the signal aborts. Every piece of an answer rings, and so does every new beginning: something may have been missed before it. */
  async listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const abort = new AbortController()
      const end = (): void => abort.abort()
      signal.addEventListener('abort', end)
      try {
        const stream = await this.#client.stream(
          '/v3/watch',
          { create_request: { key: encoded(this.#keys.revision) } },
          abort,
        )
        for await (const _ of stream) this.ring()
      } catch {
        // Whatever it was, the next member is asked; who reads hears of it when none answers.
      } finally {
        signal.removeEventListener('abort', end)
        abort.abort()
      }
      this.#client.turn()
      this.ring()
      await this.#bell.wait(pause, signal)
    }
  }
}
