import { readFileSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import { call, post } from './call.ts'
import type { Calling } from './call.ts'
import { Failure, grpc, noAnswer, problemOf } from './failure.ts'
import type { EtcdUrl } from './url.ts'

/**
 * How long all members together may take, in milliseconds. etcd itself waits 7 s for a quorum; a person wants to know within 3, and a new
 * leader is there after 1 to 2.
 */
export const patience = 2_600

/** Where every connection is refused at once, this keeps us from asking thousands of times; milliseconds. */
const pause = 30

/** How long one member may take while others are there to ask. A cluster in good health answers within a tenth of it. */
const patienceWithOne = 800

/** The members of one etcd, of which any will do. */
export class EtcdClient {
  readonly #url: EtcdUrl
  #current = 0
  #token: string | null = null
  #tls: Calling['tls'] | null = null
  #closed = false

  constructor(url: EtcdUrl) {
    this.#url = url
  }

  /** Asks one member after the other until one answers or the time is over. Only for what may be done twice. Throws `Problem`. */
  async read<Answer>(path: string, body: unknown, until = performance.now() + patience): Promise<Answer> {
    return this.#try<Answer>(path, body, until, ['untouched', 'lost'])
  }

  /**
   * Sends a write to one member, and to another only where the first surely did nothing with it. Null where nobody knows whether it
   * happened. Throws `Problem` where it did not.
   */
  async write<Answer>(path: string, body: unknown, until: number): Promise<Answer | null> {
    try {
      return await this.#try<Answer>(path, body, until, ['untouched'])
    } catch (error) {
      if (error instanceof Failure) return null
      throw error
    }
  }

  /** A stream of answers from any member, which ends when the controller aborts. */
  async stream(path: string, body: unknown, abort: AbortController): Promise<ReadableStream<Uint8Array>> {
    const calling = await this.#calling(performance.now() + patience)
    const response = await post(this.#endpoint(), path, body, calling, abort)
    if (!response.ok || !response.body) throw new Failure('lost', `HTTP ${response.status}`)
    return response.body
  }

  /** The next call goes to another member. */
  turn(): void {
    this.#current = (this.#current + 1) % this.#url.endpoints.length
    // A member that was restored from a backup, or another cluster, knows other tokens.
    this.#token = null
  }

  close(): void {
    this.#closed = true
  }

  async #try<Answer>(path: string, body: unknown, until: number, again: readonly Failure['kind'][]): Promise<Answer> {
    let heard: Failure | null = null
    for (let untrusted = 0; ;) {
      let failure: Failure
      try {
        const calling = await this.#calling(until)
        return await call<Answer>(this.#endpoint(), path, body, calling)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        failure = error
      }
      if (this.#token !== null && refusesToken(failure) && performance.now() < until) {
        this.#token = null
        continue
      }
      if (failure.kind === 'refused') throw problemOf(failure, this.#url.place)
      this.turn()
      untrusted = failure.kind === 'untrusted' ? untrusted + 1 : 0
      if (untrusted === this.#url.endpoints.length) throw problemOf(failure, this.#url.place)
      if (!untrusted && !again.includes(failure.kind)) throw failure
      const left = until - performance.now() - pause
      // The last try has only what was left of the time.
      if (heard === null || failure.message !== noAnswer) heard = failure
      if (left <= 0) throw problemOf(heard, this.#url.place)
      await Bun.sleep(pause)
    }
  }

  async #calling(until: number): Promise<Calling> {
    if (this.#closed) throw new Problem('unavailable', { store: this.#url.place, why: 'it was closed' })
    this.#tls ??= this.#readFiles()
    const left = Math.max(1, until - performance.now())
    const within = this.#url.endpoints.length > 1 ? Math.min(left, patienceWithOne) : left
    const calling = { within, token: null, tls: this.#tls }
    if (this.#url.user !== null && this.#token === null) {
      this.#token = await authenticate(this.#endpoint(), this.#url.user, calling)
    }
    return { ...calling, token: this.#token }
  }

  #readFiles(): Calling['tls'] {
    const texts = Object.entries(this.#url.files).map(([name, path]) => {
      try {
        return [name, readFileSync(path, 'utf8')]
      } catch {
        throw new Problem('file-unreadable', { path, why: `the address of the registry names it as its ${name}` })
      }
    })
    return Object.fromEntries(texts)
  }

  #endpoint(): string {
    return this.#url.endpoints[this.#current] ?? ''
  }
}

/** Tokens are forgotten, and one from before a change of users or roles is refused (`ErrAuthOldRevision`). */
function refusesToken({ code, message }: Failure): boolean {
  return code === grpc.unauthenticated || message.includes('revision of auth store is old')
}

/** A token for the user. etcd forgets it after five minutes without use, and when a member restarts. */
async function authenticate(endpoint: string, user: NonNullable<EtcdUrl['user']>, calling: Calling): Promise<string> {
  try {
    const { token } = await call<{ token?: string }>(endpoint, '/v3/auth/authenticate', user, calling)
    return token ?? ''
  } catch (error) {
    if (error instanceof Failure && error.kind === 'refused') {
      throw new Failure('refused', `etcd does not take the user and password of the address (${error.message})`)
    }
    // Nothing else was sent yet, so a write that waits for this has surely not happened.
    const waiting = error instanceof Failure && error.kind === 'lost'
    throw waiting ? new Failure('untouched', error.message) : error
  }
}
