import type { VerdictEvent } from '../core/history/port-event.ts'
import { tenureChanges, tenureKey, tenuresOf } from '../core/history/tenure.ts'
import type { Tenure, TenureEnd } from '../core/history/tenure.ts'
import type { Moment } from '../core/moment.ts'
import { hasJumped } from '../core/history/watch.ts'
import type { Watch } from '../core/history/watch.ts'
import type { Listener } from '../core/listener.ts'
import type { HistoryEntry, World } from './world.ts'

/** How often a watch that sees nothing new is written down as going on: after a kill -9 so much of its end is not known to have been watched. */
const heartbeatMilliseconds = 60_000

/** Writes down what a watch sees. Begun with the first look; whoever begins it ends it. All methods throw the problems of the journal. */
export class HistoryRecorder {
  readonly #world: World
  #watch: Watch
  #listeners: readonly Listener[]

  private constructor(world: World, watch: Watch, listeners: readonly Listener[]) {
    this.#world = world
    this.#watch = watch
    this.#listeners = listeners
  }

  /** What was open when somebody last watched and is not there any more has ended in between; what is there and was not known has begun before. */
  static async begin(world: World, listeners: readonly Listener[]): Promise<HistoryRecorder> {
    const now = world.clock.moment()
    const watch = newWatch(world, now)
    const { tenures, watches } = await world.journal.history({ open: true })
    const here = new Set(listeners.map((listener) => tenureKey(listener, now.boot)))
    const gone = tenures.filter(({ key }) => !here.has(key))
    const ended = gone.map((tenure): TenureEnd => ({ ...lastSeen(tenure, watches), key: tenure.key }))
    await world.journal.record({ watch, begun: tenuresOf(listeners, now, false), ended, verdicts: [] })
    return new HistoryRecorder(world, watch, listeners)
  }

  /** Writes down what is new since the last look; nothing, most of the time. */
  async look(listeners: readonly Listener[], verdicts: readonly VerdictEvent[]): Promise<void> {
    const now = this.#world.clock.moment()
    const jumped = hasJumped(this.#watch, now, this.#world.clock.now())
    const { begun, ended } = tenureChanges(this.#listeners, listeners, now)
    const idle = !begun.length && !ended.length && !verdicts.length && !jumped
    if (idle && now.at - this.#watch.until < heartbeatMilliseconds) return
    if (jumped) this.#watch = newWatch(this.#world, now)
    const changes = verdicts.map(({ kind: _, ...change }) => ({ ...change, boot: now.boot, at: now.at }))
    await this.#record(now, { begun, ended, verdicts: changes })
    this.#listeners = listeners
  }

  async end(): Promise<void> {
    await this.#record(this.#world.clock.moment(), { begun: [], ended: [], verdicts: [] })
  }

  async #record(now: Moment, entry: Omit<HistoryEntry, 'watch'>): Promise<void> {
    this.#watch = { ...this.#watch, until: now.at }
    await this.#world.journal.record({ ...entry, watch: this.#watch })
  }
}

function newWatch(world: World, { boot, at }: Moment): Watch {
  return { id: world.newId(), boot, from: at, until: at, offset: world.clock.now().getTime() - at }
}

function lastSeen({ boot, from }: Tenure, watches: readonly Watch[]): Omit<TenureEnd, 'key'> {
  const seen = watches.filter((watch) => watch.boot === boot).map(({ until }) => until)
  return { until: Math.max(from, ...seen), ending: 'unseen' }
}
