import type { Allocation } from '../../core/allocation.ts'
import type { Registry } from '../../core/registry.ts'
import type { WatchEvent } from '../../operations/world.ts'
import type { CommitEvent } from '../follow.ts'
import type { Attempt } from './attempt.ts'
import { Refusals } from './refusals.ts'
import { Replay } from './replay.ts'
import { Violation } from './violation.ts'

/**
 * Holds what the writers were told, what a watcher saw from the beginning and what is in the registry against each other. Throws the first `Violation`:
 *
 * 1. every commit is seen once, in order, without a gap;
 * 2. at no revision do two live allocations overlap;
 * 3. fences only grow, and nothing changes but what is there;
 * 4. what was acknowledged happened, as it was acknowledged; the first free candidate was taken;
 * 5. what was refused did not happen, and who was told that all is taken was told the truth;
 * 6. the events add up to the registry.
 *
 * No attempt may be open any more: `settle` asks for those by their id first.
 */
export function checkHistory(attempts: readonly Attempt[], events: readonly WatchEvent[], registry: Registry): void {
  const replay = new Replay()
  const refusals = new Refusals(attempts, registry.revision)
  const byId = new Map(attempts.map((attempt) => [attempt.id, attempt]))
  const seen = new Map<string, number>()
  for (const [index, event] of events.entries()) {
    if (event.kind !== 'commit') throw new Violation(`the watcher was told to read again at ${event.revision}`)
    if (event.revision !== index + 1) throw new Violation(`the event after ${index} has the revision ${event.revision}`)
    const before = seen.get(event.id)
    if (before !== undefined) throw new Violation(`${event.id} happened at ${before} and again at ${event.revision}`)
    seen.set(event.id, event.revision)
    refusals.look(replay, event.revision - 1)
    const attempt = byId.get(event.id)
    if (attempt) checkAttempt(attempt, event, replay)
    checkEffects(event, replay)
    replay.apply(event)
  }
  refusals.look(replay, events.length)
  refusals.end()
  for (const { id, outcome } of attempts) {
    if (outcome.kind === 'open') throw new Violation(`what became of ${id} was never found out`)
    if (outcome.kind === 'done' && !seen.has(id)) throw new Violation(`${id} was acknowledged and never happened`)
  }
  if (events.length !== registry.revision)
    throw new Violation(`${events.length} commits were seen, and the registry is at ${registry.revision}`)
  const [summed, present] = [[...replay.live.values()], registry.allocations].map(sorted)
  if (summed !== present) throw new Violation(`the events add up to\n${summed}\nand in the registry is\n${present}`)
}

function checkAttempt({ id, changes, outcome }: Attempt, event: CommitEvent, replay: Replay): void {
  const { revision } = event
  if (outcome.kind === 'refused') throw new Violation(`${id} was refused (${outcome.code}) and happened at ${revision}`)
  if (outcome.kind !== 'done') return
  if (outcome.answer.revision !== revision)
    throw new Violation(`${id} was acknowledged at ${outcome.answer.revision} and happened at ${revision}`)
  const after = new Map(event.effects.map(({ key, after: row }) => [key, row]))
  for (const allocation of outcome.answer.allocations) {
    if (!Bun.deepEquals(after.get(allocation.id), allocation, true))
      throw new Violation(`${id} was acknowledged with another allocation than what happened at ${revision}`)
    const change = changes.find((one) => one.do === 'allocate' && one.id === allocation.id)
    if (change?.do !== 'allocate') continue
    const passed = change.candidates.slice(0, Math.max(0, change.candidates.indexOf(allocation.port)))
    const free = passed.find((port) => !replay.blockersOf({ ...allocation, port }).length)
    if (!change.candidates.includes(allocation.port)) throw new Violation(`${id} got a port that it did not ask for`)
    if (free !== undefined) throw new Violation(`${id} got ${allocation.port} at ${revision}, and ${free} was free`)
  }
}

function checkEffects({ effects, revision, id }: CommitEvent, replay: Replay): void {
  const goes = new Set(effects.map(({ key, before }) => (before ? key : null)))
  for (const effect of effects) {
    if (effect.row !== 'allocation') continue
    const { before, after } = effect
    const live = replay.live.get(effect.key)
    if (!Bun.deepEquals(live ?? null, before, true))
      throw new Violation(`${id} changed at ${revision} what was not there: ${effect.key}`)
    if (!after) continue
    if (after.fence !== revision) throw new Violation(`${effect.key} got the fence ${after.fence} at ${revision}`)
    const other = replay.blockersOf(after).find((one) => !goes.has(one.id))
    if (other) throw new Violation(`${after.port} was promised to ${after.id} at ${revision} beside ${other.id}`)
  }
}

function sorted(allocations: readonly Allocation[]): string {
  return allocations
    .map((row) => `${row.id} ${row.port} ${row.address} ${row.fence}`)
    .toSorted()
    .join('\n')
}
