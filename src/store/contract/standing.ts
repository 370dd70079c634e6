import { expect, test } from 'bun:test'
import type { Problem } from '../../core/problem.ts'
import { isProblem } from '../../core/problem.ts'
import type { HeldSession, RegistryStore } from '../../operations/world.ts'
import { allocate, commit, doubt, hold, move, problemOf, putService, reclaim, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'
import { sessionOf, shortest } from './sessions.ts'

/** A service `A` whose claim `a` on 3000 a session holds, at fence 1. */
async function heldClaim(store: RegistryStore, ttl = 60_000): Promise<HeldSession> {
  const session = await store.openSession(sessionOf('s', { ttl }))
  const claim = allocate('A', [3000], { id: 'a', session: 's' })
  await commit(store, putService('A'), { ...claim, kind: 'claim' } as typeof claim)
  return session
}

/** The beat at which the session can be doubted: where the store watches the time, once it has taken it away. */
async function lostBeat(store: RegistryStore): Promise<number | null> {
  for (;;) {
    const session = (await store.sessions()).find(({ id }) => id === 's')
    if (session?.beat !== null) return session?.beat ?? null
    await Bun.sleep(50)
  }
}

async function outcomeOf(work: Promise<unknown>): Promise<'done' | Problem['code']> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
}

export function describeStanding(makeFresh: MakeFresh): void {
  test(
    'leads a claim whose session is lost to suspect, quarantined and free, and leaves no step out',
    () =>
      onFresh(makeFresh, async (store, { beside }) => {
        const session = await heldClaim(store, shortest)
        const refused = async (code: string, ...changes: Parameters<typeof commit>[1][]): Promise<void> =>
          expect((await problemOf(commit(beside(), ...changes))).code).toBe(code as never)
        await refused('standing-refused', reclaim('a', 1))
        await refused('standing-refused', doubt('a', 1, 's', 'quarantined'))
        const beat = await lostBeat(beside())
        await commit(beside(), doubt('a', 1, 's', 'suspect', beat))
        // The claim itself is there: it goes with no lease, and nobody else gets the port.
        expect((await store.read()).allocations).toMatchObject([
          { id: 'a', standing: 'suspect', session: 's', fence: 2 },
        ])
        expect((await problemOf(session.renew())).code).toBe('session-lost')
        await refused('conflict', putService('B'), allocate('B', [3000]))
        await refused('standing-refused', reclaim('a', 2))
        await refused('fenced', hold('a', 1, null))
        await commit(store, doubt('a', 2, 's', 'quarantined'))
        await refused('conflict', putService('B'), allocate('B', [3000]))
        await commit(beside(), reclaim('a', 3))
        await commit(store, putService('B'), allocate('B', [3000]))
      }),
    20_000,
  )

  test(
    'gives a claim back to an owner who returns, at whatever step',
    () =>
      onFresh(makeFresh, async (store, { beside }) => {
        await heldClaim(store, shortest)
        await commit(store, doubt('a', 1, 's', 'suspect', await lostBeat(store)))
        await beside().openSession(sessionOf('again'))
        const { allocations } = await commit(beside(), hold('a', 2, 'again'))
        expect(allocations[0]).toMatchObject({ session: 'again', fence: 3, port: 3000 })
        expect(allocations[0]).not.toHaveProperty('standing')
        expect((await problemOf(commit(store, doubt('a', 2, 's', 'quarantined')))).code).toBe('fenced')
      }),
    20_000,
  )

  test('reclaims what no session holds, and never what a person chose', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000], { id: 'person' }))
      expect((await problemOf(commit(store, reclaim('person', 1)))).code).toBe('standing-refused')
      const claim = allocate('A', [3001], { id: 'plain' })
      await commit(store, { ...claim, kind: 'claim' } as typeof claim)
      await commit(store, reclaim('plain', 2))
    }))

  test('lets a renewal win over a doubt that was decided before it', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const session = await heldClaim(store)
      const [seen] = await beside().sessions()
      await session.renew()
      expect((await problemOf(commit(beside(), doubt('a', 1, 's', 'suspect', seen?.beat ?? null)))).code).toBe(
        'session-alive',
      )
      expect((await store.read()).allocations).toMatchObject([{ fence: 1 }])
    }))

  test('lets exactly one of a renewal and a doubt win when both come at once', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const other = beside()
      const session = await heldClaim(store)
      const [seen] = await other.sessions()
      const doubted = commit(other, doubt('a', 1, 's', 'suspect', seen?.beat ?? null))
      const outcomes = await Promise.all([outcomeOf(session.renew()), outcomeOf(doubted)])
      expect([
        ['done', 'session-alive'],
        ['session-lost', 'done'],
      ]).toContainEqual(outcomes)
      const [claim] = (await store.read()).allocations
      expect(claim?.standing === 'suspect').toBe(outcomes[1] === 'done')
    }))

  test('lets exactly one of those win who release, reclaim, move or hold at the same fence', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const claim = allocate('A', [3000], { id: 'a' })
      await commit(store, putService('A'), { ...claim, kind: 'claim' } as typeof claim)
      const changes = [release('a', 1), reclaim('a', 1), move('a', 1, [3001]), hold('a', 1, null)]
      const outcomes = await Promise.all(changes.map((change) => outcomeOf(commit(beside(), change))))
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
      for (const outcome of outcomes) expect(['done', 'fenced', 'allocation-unknown']).toContain(outcome)
    }))

  test('never lets a fence shrink, whatever happens to the claim', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await heldClaim(store)
      const others = [store, beside(), beside()]
      const seen: number[] = [1]
      for (let round = 0; round < 10; round++) {
        const fence = seen.at(-1) ?? 0
        await Promise.all(
          others.map((other, index) =>
            outcomeOf(commit(other, index === 1 ? move('a', fence, [3000 + round]) : hold('a', fence, 's'))),
          ),
        )
        seen.push((await store.read()).allocations[0]?.fence ?? 0)
      }
      expect(seen).toEqual(Array.from({ length: 11 }, (_, index) => index + 1))
    }))
}
