import { beforeAll, describe, expect, test } from 'bun:test'
import type { Registry } from '../../core/registry.ts'
import type { WatchEvent } from '../../operations/world.ts'
import { openMemoryStore } from '../memory.ts'
import type { Attempt } from './attempt.ts'
import { checkHistory } from './check.ts'
import { randomFrom } from './random.ts'
import { settle } from './settle.ts'
import { startWatcher } from './watcher.ts'
import { remember, write } from './writing.ts'

/** Room to distort what a true history says. */
type Free<Value> = Value extends number | string | boolean | null | undefined
  ? Value
  : { -readonly [Key in keyof Value]: Free<Value[Key]> }
interface History {
  attempts: Free<Attempt>[]
  events: Free<WatchEvent>[]
  registry: Free<Registry>
}
let truth: History

beforeAll(async () => {
  const store = openMemoryStore()
  const watcher = startWatcher(store)
  const attempts: Attempt[] = []
  let turns = 0
  await Promise.all(
    [1, 2, 3].map((seed) => write(store, `w${seed}`, randomFrom(seed), () => turns++ > 300, remember(attempts))),
  )
  const settled = await settle(store, attempts, watcher)
  expect(settled).toMatchObject({ unanswered: 0, acknowledged: settled.revision })
  truth = structuredClone({ attempts, events: [...watcher.events], registry: await store.read() }) as History
})

const firstDone = ({ attempts }: History, what: 'allocate' | 'release' = 'allocate'): Free<Attempt> => {
  const found = attempts.find(
    ({ outcome, changes }) => outcome.kind === 'done' && changes.some((one) => one.do === what),
  )
  if (!found) throw new Error('nothing was acknowledged')
  return found
}

const distortions: Readonly<Record<string, readonly [(history: History) => void, RegExp]>> = {
  'an event is missing': [({ events }) => void events.splice(5, 1), /the event after 5 has the revision 7/],
  'a watcher is told to read again': [
    ({ events }) => void (events[5] = { kind: 'resync', revision: 6 }),
    /told to read again/,
  ],
  'a commit happens twice': [
    ({ events }) => {
      const [first, second] = events
      if (first?.kind === 'commit' && second?.kind === 'commit') second.id = first.id
    },
    /happened at 1 and again at 2/,
  ],
  'an acknowledged commit never happened': [
    ({ attempts, events }) => {
      attempts.push({ ...firstDone({ attempts } as History), id: 'lost' })
      expect(events.length).toBeGreaterThan(0)
    },
    /lost was acknowledged and never happened/,
  ],
  'a refused commit happened': [
    (history) => void (firstDone(history).outcome = { kind: 'refused', code: 'unavailable' }),
    /was refused \(unavailable\) and happened/,
  ],
  'another port was acknowledged': [
    (history) => {
      const { outcome } = firstDone(history)
      if (outcome.kind === 'done' && outcome.answer.allocations[0]) outcome.answer.allocations[0].fence++
    },
    /another allocation than what happened/,
  ],
  'two live allocations overlap': [
    ({ attempts, events }) => {
      attempts.length = 0
      const placed = events.flatMap((event) =>
        event.kind === 'commit' ? event.effects.flatMap((effect) => (effect.row === 'allocation' ? effect : [])) : [],
      )
      const [first, second] = placed.map(({ after }) => after)
      if (first && second) Object.assign(second, { port: first.port, address: first.address })
    },
    /was promised to w\d \d at \d beside/,
  ],
  'a fence does not grow': [
    ({ events, attempts }) => {
      attempts.length = 0
      for (const event of events)
        if (event.kind === 'commit' && event.revision === 4)
          for (const effect of event.effects) if (effect.row === 'allocation' && effect.after) effect.after.fence = 3
    },
    /got the fence 3 at 4/,
  ],
  'somebody was told that all is taken, and it was not': [
    ({ attempts }) => {
      const claim = firstDone({ attempts } as History)
      attempts.push({ ...claim, id: 'told wrongly', outcome: { kind: 'refused', code: 'range-full' } })
    },
    /told wrongly was told that all is taken/,
  ],
  'somebody was refused for no reason': [
    ({ attempts }) => {
      const claim = firstDone({ attempts } as History)
      attempts.push({ ...claim, id: 'fenced off', outcome: { kind: 'refused', code: 'fenced' } })
    },
    /fenced off was refused without a reason/,
  ],
  'an answer is still open': [
    ({ attempts }) => void attempts.push({ id: 'open', changes: [], asked: 0, ended: 0, outcome: { kind: 'open' } }),
    /open was never found out/,
  ],
  'the registry has lost a row': [({ registry }) => void registry.allocations.pop(), /the events add up to/],
  'the registry is further than the watcher': [({ registry }) => void registry.revision++, /commits were seen/],
}

describe('the check of a history', () => {
  test('finds nothing in a true one, in which some were refused', () => {
    expect(truth.attempts.filter(({ outcome }) => outcome.kind === 'refused').length).toBeGreaterThan(0)
    checkHistory(truth.attempts, truth.events, truth.registry)
  })

  for (const [name, [distort, words]] of Object.entries(distortions)) {
    test(`finds that ${name}`, () => {
      const history = structuredClone(truth)
      distort(history)
      expect(() => checkHistory(history.attempts, history.events, history.registry)).toThrow(words)
    })
  }
})
