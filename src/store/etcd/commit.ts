import { decide } from '../../core/commit.ts'
import type { Commit, Committed } from '../../core/commit.ts'
import { everyHost } from '../../core/host.ts'
import { Problem, isProblem } from '../../core/problem.ts'
import { Asking, Unseen } from './asking.ts'
import { patience } from './client.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import type { Known } from './known.ts'
import { givenAnswer } from './log.ts'
import { Lookups } from './lookups.ts'
import { answersOf, readSpans } from './registry.ts'
import { knownAfter } from './remember.ts'
import { grouped, look, versionIs } from './txn.ts'
import type { Compare, StepResponse, TxnResponse } from './wire.ts'
import { stepsOf, windowFrom, within, writesOf } from './writing.ts'
import type { Decided, Window } from './writing.ts'

/** How long a commit is tried anew because others were quicker, in seconds. */
const contention = 8

interface Attempt {
  readonly decided: Decided
  readonly compare: readonly Compare[]
  readonly window: Window
}

/**
 * One commit, from what is known to its answer. In the usual case it is one round trip: decide on what is known, and let etcd compare that it
 * is still so. Where it is not, the same answer of etcd brings all that deciding needs, as it is now.
 */
export class Committing {
  readonly #client: EtcdClient
  readonly #keys: Keys
  readonly #place: string
  readonly #commit: Commit
  readonly #memory: Known
  #known: Known
  /** Whether all of `#known` that the commit needs was read in this commit, at one revision: only on that it may be refused. */
  #fresh = false
  #lookups: Lookups
  #unknownOutcome = false
  /** Until when etcd may stay silent: some time after it last answered, however many calls that takes. */
  #until = performance.now() + patience

  constructor(client: EtcdClient, keys: Keys, place: string, commit: Commit, memory: Known) {
    this.#client = client
    this.#keys = keys
    this.#place = place
    this.#commit = commit
    this.#memory = memory
    this.#known = memory
    this.#lookups = new Lookups(keys, commit)
  }

  /**
   * Throws what `RegistryStore.commit` throws. Once a request was lost on its way it can still arrive, so that whatever is found afterwards, other than the
   * commit itself, is no proof that nothing happens.
   */
  async run(): Promise<Committed> {
    try {
      return await this.#untilAnswered()
    } catch (error) {
      if (this.#unknownOutcome && isProblem(error) && error.code !== 'corrupt') throw this.#ambiguous(error)
      throw error
    }
  }

  async #untilAnswered(): Promise<Committed> {
    const end = performance.now() + contention * 1000
    while (performance.now() < end) {
      const attempt = this.#attempt()
      const answer = attempt === null ? await this.#lookUp() : await this.#write(attempt)
      if (answer !== null) return answer
    }
    throw new Problem('busy', { store: this.#place, seconds: contention })
  }

  /** What to send, or null where more has to be known first. Throws the problem for which the commit is refused. */
  #attempt(): Attempt | null {
    if (this.#known.revision === null) return null
    const asking = new Asking(this.#known, this.#keys)
    try {
      const decided = { commit: this.#commit, ...decide(asking, this.#commit) }
      return this.#guard(decided, asking)
    } catch (error) {
      const refused = isProblem(error) || error instanceof Unseen
      if (!refused || this.#fresh) throw error
      return null
    }
  }

  /** By which compares the attempt is guarded. */
  #guard(decided: Decided, asking: Asking): Attempt | null {
    const { allocations } = decided.committed
    // Neither the host itself nor every host may have come to a port; who asks for every host has looked at all claims anyway.
    const taken = new Set(
      allocations
        .filter(({ host }) => host !== everyHost)
        .flatMap(({ host, protocol, port }) => [host, everyHost].map((one) => this.#keys.port(one, protocol, port))),
    )
    const { revision } = asking
    const exact = { from: revision, to: revision }
    // At exactly the revision at which everything was seen, nothing else of the registry needs to be compared.
    const sees = this.#known.consistent && !asking.assumed
    const alive = asking.sessionCompares()
    if (this.#commit.ifRevision !== undefined && sees) return { decided, compare: alive, window: exact }
    const compare = asking.compares(taken)
    if (compare) {
      const window = this.#commit.ifRevision === undefined ? windowFrom(revision, allocations.length) : exact
      return { decided, compare, window }
    }
    return sees ? { decided, compare: alive, window: exact } : null
  }

  async #write({ decided, compare, window }: Attempt): Promise<Committed | null> {
    const writes = writesOf(decided, this.#known, this.#keys)
    const first = versionIs('EQUAL', this.#keys.commit(this.#commit.id), 0)
    const response = await this.#client.write<TxnResponse>(
      '/v3/kv/txn',
      {
        compare: [first, ...within(window, this.#keys.revision), ...compare],
        success: stepsOf(decided, writes, window, this.#keys),
        failure: grouped(this.#lookups.spans().map(look)),
      },
      this.#until,
    )
    if (response === null) {
      // Never sent again as it is: it is asked for by its id, and what is sent then compares that the id is not there.
      this.#unknownOutcome = true
      return this.#lookUp()
    }
    if (!response.succeeded) return this.#learn(response)
    const revision = revisionIn(response.responses)
    const asOf = Number(response.header?.revision ?? 0)
    const after = knownAfter(decided, writes, this.#known, revision, asOf, this.#keys)
    this.#memory.learn(after, revision === window.from + 1)
    return withFence(decided.committed, revision)
  }

  /** Reads all that the commit needs at one revision. The answer where the commit was made before. */
  async #lookUp(): Promise<Committed | null> {
    const { asOf, answers } = await readSpans(this.#client, this.#lookups.spans(), this.#until)
    return this.#take(answers, asOf)
  }

  async #learn(response: TxnResponse): Promise<Committed | null> {
    const { asOf, answers } = answersOf(response)
    return this.#take(answers, asOf)
  }

  async #take(answers: Parameters<Lookups['learn']>[0], asOf: number): Promise<Committed | null> {
    this.#until = performance.now() + patience
    const { known, own } = this.#lookups.learn(answers, asOf)
    if (own) {
      // It happened: from here on only the answer can be missing.
      this.#unknownOutcome = true
      const given = await givenAnswer(this.#client, this.#keys, own)
      if (given) return given
    }
    this.#memory.learn(known, false)
    this.#known = known
    const further = this.#lookups.further(known)
    this.#fresh = further === null
    if (further === null) return null
    this.#lookups = further
    return this.#lookUp()
  }

  #ambiguous(error: Problem): Problem {
    const why = isProblem(error, 'unavailable') ? error.facts.why : error.message
    return new Problem('ambiguous', { store: this.#place, id: this.#commit.id, why })
  }
}

/** The registry's revision after the commit: the first step put the key whose version it is. */
function revisionIn([first]: readonly StepResponse[] = []): number {
  return Number(first?.response_put?.prev_kv?.version ?? 0) + 1
}

function withFence({ allocations }: Committed, revision: number): Committed {
  return { revision, allocations: allocations.map((row) => ({ ...row, fence: revision })) }
}
