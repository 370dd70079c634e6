import type { ProcessIdentity } from '../core/listener.ts'
import type { Ending } from '../core/process.ts'
import type { Run } from '../core/run.ts'
import { membersOf } from './runs.ts'
import type { World } from './world.ts'

/** Between the end of a child of ours and the system's word of how it ended lie microseconds; a second is for ever. */
const patience = 1000

/** Between two looks at one process, which cost 20 us each; milliseconds. */
const pause = 990

/** Looks at one run again and again, at the cost of one process: the whole table is read only when that one is gone. */
export class RunWatch {
  readonly run: Run
  /** Null for a run that somebody else began: then nobody learns how it ends. */
  readonly #ended: Promise<Ending> | null
  #watched: readonly ProcessIdentity[]
  #over = false
  /** The first process was still there when the service was ready: it is the service, and no more than its starter otherwise. */
  #isMain = false
  #looked = -Infinity

  constructor(run: Run, ended: Promise<Ending> | null, members: readonly ProcessIdentity[]) {
    this.run = run
    this.#ended = ended
    void ended?.then(() => (this.#over = true))
    const leader = members.find(({ pid }) => pid === run.process.pid)
    this.#watched = leader ? [leader] : members
  }

  /** To be told when the service is ready. */
  async becameReady(world: World): Promise<void> {
    this.#isMain = await world.machine.alive(this.run.process)
  }

  /** Whether it goes on: its main process where it has one, else any process of the run. */
  async alive(world: World): Promise<boolean> {
    // A child's end is told by the system; what is not ours is looked at.
    if (this.#ended ? !this.#over : world.clock.elapsed() - this.#looked < pause) return true
    this.#looked = world.clock.elapsed()
    for (const process of this.#watched) if (await world.machine.alive(process)) return true
    // What a main process leaves behind, such as the workers of a server that was killed, is no service any more.
    if (this.#isMain) return false
    // The first process may end and leave others: a program that makes itself a daemon.
    this.#watched = membersOf(this.run, await world.machine.processes())
    return this.#watched.length > 0
  }

  /** How it ended, by our own eyes or by the word of whoever ended it; null where nobody knows. */
  async ending(world: World): Promise<Ending | null> {
    const recorded = (await world.journal.runs({ service: this.run.service })).find(({ id }) => id === this.run.id)
    if (recorded?.ending) return recorded.ending
    return this.#ended && Promise.race([this.#ended, world.clock.sleep(patience).then(() => null)])
  }
}
