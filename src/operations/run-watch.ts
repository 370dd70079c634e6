import { sameProcess } from '../core/listener.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import type { Ending } from '../core/process.ts'
import type { Run } from '../core/run.ts'
import { remaining } from './runs.ts'
import type { World } from './world.ts'

/** Between the end of a child of ours and the system's word of how it ended lie microseconds; a second is for ever. */
const patience = 1000

/** Between two looks at one process, which cost 20 us each; milliseconds. */
const pause = 990

/** So long a first process has to listen itself, or to have run where it was taken over, before it is taken for the service, in milliseconds. */
const proof = 500

const isFailure = ({ code, signal }: Ending): boolean => signal !== null || (code !== null && code !== 0)

/** Looks at one run again and again, at the cost of one process: the whole table is read only when that one is gone. */
export class RunWatch {
  readonly run: Run
  /** Null for a run that somebody else began: then nobody learns how it ends. */
  readonly #ended: Promise<Ending> | null
  #watched: readonly ProcessIdentity[]
  #over: Ending | null = null
  /** When the first process was seen to listen itself; null where it does not, and is no more than a starter. */
  #listensSince: number | null = null
  /** It has done so for long enough: it is the service. What makes itself a daemon has left its first process by then. */
  #isMain = false
  #looked = -Infinity

  constructor(run: Run, ended: Promise<Ending> | null, members: readonly ProcessIdentity[]) {
    this.run = run
    this.#ended = ended
    void ended?.then((ending) => (this.#over = ending))
    const leader = members.find(({ pid }) => pid === run.process.pid)
    this.#watched = leader ? [leader] : members
  }

  /** To be told when the service is ready. */
  async becameReady(world: World): Promise<void> {
    const { port, protocol, process } = this.run
    const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
    const listens = listeners.some(({ holders }) => holders.some((holder) => sameProcess(holder, process)))
    this.#listensSince = listens ? world.clock.elapsed() : null
    // Since when one that was taken over listens nobody knows; but it is too old to be on its way elsewhere.
    const age = world.clock.now().getTime() - Date.parse(this.run.startedAt)
    this.#isMain = listens && this.#ended === null && age > proof
  }

  /** Whether it goes on: its main process where it has one, else any process of the run. */
  async alive(world: World): Promise<boolean> {
    const now = world.clock.elapsed()
    // A child's end is told by the system; what is not ours is looked at.
    if (this.#ended && !this.#over) return this.#seen(now)
    if (!this.#ended && now - this.#looked < pause) return true
    this.#looked = now
    for (const process of this.#watched) if (await world.machine.alive(process)) return this.#seen(now)
    // What a main process leaves behind, such as the workers of a server that was killed, is no service any more.
    if (this.#isMain || (this.#over && isFailure(this.#over))) return false
    // The first process may end and leave others: a program that makes itself a daemon. It does so of its own accord.
    this.#watched = await remaining(world, this.run, await world.machine.processes())
    return this.#watched.length > 0
  }

  #seen(now: number): true {
    if (this.#listensSince !== null && now > this.#listensSince + proof) this.#isMain = true
    return true
  }

  /** How it ended, by our own eyes or by the word of whoever ended it; null where nobody knows. */
  async ending(world: World): Promise<Ending | null> {
    const recorded = (await world.journal.runs({ service: this.run.service })).find(({ id }) => id === this.run.id)
    if (recorded?.ending) return recorded.ending
    return this.#ended && Promise.race([this.#ended, world.clock.sleep(patience).then(() => null)])
  }
}
