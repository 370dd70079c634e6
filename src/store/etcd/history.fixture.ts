import type { Allocation } from '../../core/allocation.ts'
import { isProblem } from '../../core/problem.ts'
import type { RegistryStore, WatchEvent } from '../../operations/world.ts'
import { allocate, at, release } from '../contract/changes.ts'
import { clashes } from '../contract/overlapping.ts'

/** Numbers that look random and come again with the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What one writer was told, in the order in which it was told. */
export interface History {
  readonly promised: Allocation[]
  readonly released: string[]
  /** Ids of commits that ended with `unavailable` or `ambiguous`: they may have happened or not. */
  readonly open: string[]
  /** Milliseconds, by `performance.now()`, at which a commit was acknowledged. */
  readonly acknowledged: number[]
}

/** Claims ports and gives some back until told to stop, by its own random order of few candidates, so that writers meet. */
export async function write(
  store: RegistryStore,
  name: string,
  random: () => number,
  stop: () => boolean,
): Promise<History> {
  const history: History = { promised: [], released: [], open: [], acknowledged: [] }
  const held: Allocation[] = []
  for (let turn = 0; !stop(); turn++) {
    const id = `${name} ${turn}`
    const addresses = ['*', '127.0.0.1', '0.0.0.0', '::1']
    const address = addresses[Math.floor(random() * addresses.length)] ?? '*'
    const first = 20_000 + Math.floor(random() * 40)
    const candidates = Array.from({ length: 16 }, (_, index) => first + index)
    const giveBack = held.length > 3 ? held.shift() : undefined
    const changes = giveBack ? [release(giveBack.id, giveBack.fence)] : [allocate('A', candidates, { id, address })]
    try {
      const { allocations } = await store.commit({ id, at, changes })
      history.acknowledged.push(performance.now())
      history.promised.push(...allocations)
      held.push(...allocations)
      if (giveBack) history.released.push(giveBack.id)
    } catch (error) {
      if (isProblem(error, 'unavailable') || isProblem(error, 'ambiguous')) history.open.push(id)
      else if (!isProblem(error, 'range-full')) throw error
    }
  }
  return history
}

/**
 * Everything that is wrong between what the writers were told, what is in the registry, and what the watcher saw. Commits whose answer was lost are
 * asked for by their id: with a commit without changes, which gives the first answer where there was one.
 */
export async function violations(
  store: RegistryStore,
  histories: readonly History[],
  events: readonly WatchEvent[],
): Promise<string[]> {
  const wrong: string[] = []
  const { allocations, revision } = await store.read()
  const live = new Map(allocations.map((row) => [row.id, row]))
  wrong.push(...clashes(allocations))
  const happened = new Set(events.flatMap((event) => (event.kind === 'commit' ? [event.id] : [])))
  const seen = new Map<string, Allocation | null>()
  for (const [index, event] of events.entries()) {
    if (event.revision !== index + 1) wrong.push(`event ${index} has the revision ${event.revision}`)
    if (event.kind !== 'commit') continue
    for (const effect of event.effects) if (effect.row === 'allocation') seen.set(effect.key, effect.after)
  }
  if (events.length !== revision) wrong.push(`${events.length} events for ${revision} commits`)
  for (const { promised, released, open } of histories) {
    const ended = new Set(released)
    for (const row of promised) {
      if (seen.get(row.id) === undefined) wrong.push(`${row.id} was acknowledged and is not in the history`)
      if (ended.has(row.id) && live.has(row.id)) wrong.push(`${row.id} was released and is still there`)
      const now = live.get(row.id)
      if (now && (now.port !== row.port || now.fence !== row.fence))
        wrong.push(`${row.id} is not what was acknowledged`)
    }
    for (const id of open) {
      const answer = await store.commit({ id, at, changes: [] })
      const before = answer.revision <= revision
      if (before !== happened.has(id))
        wrong.push(`${id} is answered as ${before ? 'done' : 'not done'}, and it is not so`)
    }
  }
  // What is there has to be what the watcher's events add up to.
  const summed = [...seen.values()].filter((row) => row !== null).map((row) => `${row.id} ${row.port} ${row.fence}`)
  const present = allocations.map((row) => `${row.id} ${row.port} ${row.fence}`)
  if (summed.toSorted().join('\n') !== present.toSorted().join('\n'))
    wrong.push('the events do not add up to the registry')
  return wrong
}

/** Every event until the signal aborts. */
export async function collect(store: RegistryStore, signal: AbortSignal): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  while (!signal.aborted) {
    try {
      for await (const event of store.watch(events.at(-1)?.revision ?? 0, signal)) events.push(event)
    } catch (error) {
      // Without a quorum a watcher is told so, and comes back from where it was.
      if (!isProblem(error, 'unavailable') && !isProblem(error, 'ambiguous')) throw error
    }
  }
  return events
}
