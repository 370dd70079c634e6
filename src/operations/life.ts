import { isProblem } from '../core/problem.ts'
import type { HeldSession, World } from './world.ts'

/** A session that is renewed in the background for as long as a command runs, and the claim that it holds. */
export class Life {
  readonly #world: World
  readonly #owner: string
  readonly #ttl: number
  readonly #tell: (line: string) => void
  readonly #stop = new AbortController()
  #session: HeldSession
  #claim: string | null = null
  #renewing: Promise<void> = Promise.resolve()

  private constructor(world: World, owner: string, ttl: number, tell: (line: string) => void, session: HeldSession) {
    this.#world = world
    this.#owner = owner
    this.#ttl = ttl
    this.#tell = tell
    this.#session = session
  }

  /** `tell` hears what the person should know while the command runs. Throws what `openSession` throws. */
  static async begin(world: World, owner: string, ttl: number, tell: (line: string) => void): Promise<Life> {
    return new Life(world, owner, ttl, tell, await open(world, owner, ttl))
  }

  get session(): string {
    return this.#session.id
  }

  /** From now on the session is renewed, and the claim, which it holds, is taken back where the session was lost meanwhile. */
  keep(claim: string): void {
    this.#claim = claim
    this.#renewing = this.#renew()
  }

  /** The claim stays with its owner, and no session holds it any more. What cannot be done is left to `gc`: nothing is lost by it. */
  async end(): Promise<void> {
    this.#stop.abort()
    await this.#renewing
    await leaveProblems(async () => {
      if (this.#claim !== null) await this.#hold(this.#claim, null)
    })
    await leaveProblems(() => this.#session.close())
  }

  async #renew(): Promise<void> {
    const { signal } = this.#stop
    for (;;) {
      await this.#world.clock.sleep(this.#ttl / 3, signal)
      if (signal.aborted) return
      // A registry that cannot be reached now is asked again: the next time may still be within the TTL.
      await leaveProblems(async () => {
        try {
          await this.#session.renew()
        } catch (error) {
          if (!isProblem(error, 'session-lost')) throw error
          await this.#comeBack()
        }
      })
    }
  }

  /** We were stopped, or the machine slept, for longer than the TTL. */
  async #comeBack(): Promise<void> {
    const lost = this.#session.id
    this.#session = await open(this.#world, this.#owner, this.#ttl)
    if (this.#claim === null || (await this.#hold(this.#claim, this.#session.id, lost))) return
    this.#claim = null
    this.#tell('The claim of this port was released meanwhile: nobody promises it any more.')
  }

  /** Puts the session in the place of the one before, where that still stands there. False where the claim is gone. */
  async #hold(claim: string, session: string | null, before = this.#session.id): Promise<boolean> {
    for (;;) {
      const { allocations } = await this.#world.registry.read({ host: this.#world.host })
      const allocation = allocations.find(({ id }) => id === claim)
      if (!allocation) return false
      if (allocation.session !== before) return true
      const changes = [{ do: 'hold', id: claim, fence: allocation.fence, session } as const]
      try {
        await this.#world.registry.commit({
          id: this.#world.newId(),
          at: this.#world.clock.now().toISOString(),
          changes,
        })
        return true
      } catch (error) {
        if (!isProblem(error, 'fenced')) throw error
      }
    }
  }
}

function open(world: World, owner: string, ttl: number): Promise<HeldSession> {
  return world.registry.openSession({ id: world.newId(), owner, host: world.host, ttl })
}

async function leaveProblems(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isProblem(error)) throw error
  }
}
