import { expect, test } from 'bun:test'
import { allocate, commit, problemOf, putService } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

export function describeRacing(makeFresh: MakeFresh): void {
  test('gives distinct ports to all who race for the same candidates', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const racers = [store, ...Array.from({ length: 7 }, () => beside())]
      await commit(store, ...racers.map((_, index) => putService(`S${index}`)))
      const wanted = Array.from({ length: racers.length * 5 }, (_, index) => 3000 + index)
      const answers = await Promise.all(
        racers.flatMap((racer, index) =>
          [0, 1, 2, 3, 4].map((turn) => commit(racer, allocate(`S${index}`, wanted, { id: `${index} ${turn}` }))),
        ),
      )
      const ports = answers.flatMap(({ allocations }) => allocations.map(({ port }) => Number(port)))
      expect(ports.toSorted((a, b) => a - b)).toEqual(wanted)
      expect((await problemOf(commit(store, allocate('S0', wanted, { id: 'late' })))).code).toBe('range-full')
    }))

  test('lets exactly one of those win who decided at the same revision', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const racers = [store, beside(), beside()]
      const outcomes = await Promise.allSettled(
        racers.map((racer, index) =>
          racer.commit({ id: `race ${index}`, at: '', changes: [putService(`S${index}`)], ifRevision: 0 }),
        ),
      )
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
      expect((await store.read()).services).toHaveLength(1)
    }))
}
