import { expect, test } from 'bun:test'
import type { Allocation } from '../../core/allocation.ts'
import type { Change } from '../../core/commit.ts'
import { planRestore, highestFence, missingFrom } from '../../core/restore-plan.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, commitOf, doubt, move, problemOf, putRange, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'
import { sessionOf } from './sessions.ts'

const bearing = { begun: { boot: 'b-1', at: 12_345.67 }, tokenHash: 'ab'.repeat(32) }

function putRuling(about: string, level: Ruling['level'] = 'off'): Change {
  return { do: 'put-ruling', ruling: { host: 'box', rule: 'exposed', about, level, why: 'so', when: null } }
}

/** Ranges, services, claims of which sessions hold two, a move and a ruling. */
async function fill(store: RegistryStore): Promise<void> {
  await commit(
    store,
    putRange('Web', 3000, 3099),
    putService('A'),
    putService('B', { host: 'other' }),
    putService('*', { host: '*' }),
    putRuling('A'),
  )
  const expires = '2027-01-01T00:00:00.000Z'
  await store.openSession(sessionOf('there'))
  await commit(
    store,
    allocate('A', [3000], { id: 'a', within: 'Web', owner: 'me', expires, session: 'there', ...bearing }),
  )
  await commit(store, allocate('B', [3000], { id: 'b', host: 'other' }), allocate('*', [3002], { id: 'c', host: '*' }))
  await commit(store, move('b', 3, [3001]))
}

/** A registry takes over what another one or a backup holds. */
export function describeAdopting(makeFresh: MakeFresh): void {
  test('everything comes back with its id, owner and times, and every fence is greater than any before', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      const content = await store.read()
      await commit(store, release('a', 2), { do: 'remove-service', host: 'box', name: 'A' }, putRange('New', 1, 2))
      await commit(store, putRuling('A', 'error'), putRuling('Z'))
      await commit(store, putService('Late'), allocate('Late', [3000]))
      const present = await store.read()
      const changes = planRestore(present, content)
      const above = 40
      const wanted = { ifRevision: present.revision, above }
      const refused = { ...wanted, ifRevision: 1 }
      expect((await problemOf(store.commit(commitOf(changes, refused)))).code).toBe('revision-moved')
      const first = store.commit(commitOf(changes, wanted))
      // Where only the store can count, raising the number is a change of its own, and the decision is made again.
      const done = await first.catch(async () => store.commit(commitOf(changes, { ...wanted, ifRevision: above })))
      const back = await store.read()
      expect([done.revision, back.revision]).toEqual([above + 1, above + 1])
      expect(missingFrom(back, content)).toEqual([])
      expect(missingFrom(content, back)).toEqual([])
      expect(back.allocations.every(({ fence }) => fence === above + 1)).toBe(true)
      expect(back.rulings).toEqual(content.rulings)
      expect((await problemOf(commit(store, release('b', 4)))).code).toBe('fenced')
      const second = { ...allocate('A', [3050], { id: 'z' }), sole: true } as Change
      expect((await problemOf(commit(store, second))).code).toBe('claimed-meanwhile')
      await commit(store, release('b', above + 1))
      expect((await store.read()).revision).toBe(above + 2)
    }))

  test('an owner is known by the same token as before, and no session holds what is taken over', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await fill(store)
      const lost = await store.openSession(sessionOf('lost'))
      await commit(store, putService('C'), allocate('C', [3003], { id: 'd', owner: 'me', session: 'lost', ...bearing }))
      await lost.close()
      await commit(store, doubt('d', 5, 'lost'))
      const content = await store.read()
      expect(content.allocations.find(({ id }) => id === 'd')).toMatchObject({ session: 'lost', standing: 'suspect' })
      await store.commit(commitOf(planRestore(content, content), { ifRevision: content.revision }))
      const back = await beside().read()
      for (const id of ['a', 'd']) {
        const row = back.allocations.find((one) => one.id === id)
        expect(row).toMatchObject({ owner: 'me', ...bearing })
        expect(row).not.toHaveProperty('session')
        expect(row).not.toHaveProperty('standing')
      }
      expect(missingFrom(back, content)).toEqual([])
      const [row, ...rest] = back.allocations
      expect(
        missingFrom({ ...back, allocations: [{ ...row, tokenHash: 'other' } as Allocation, ...rest] }, back),
      ).toHaveLength(1)
      // The session that is there is nobody's any more, so that its end takes nothing away.
      expect((await problemOf(commit(store, doubt('a', 7, 'there')))).code).toBe('standing-refused')
    }))

  test('what would overlap is not taken over, and nothing else of the commit either', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      const before = await store.read()
      const [other] = before.allocations.filter(({ id }) => id === 'c')
      const adopted: Allocation[] = other ? [{ ...other, id: 'x', host: 'other', service: 'B' }] : []
      const changes = adopted.map((allocation) => ({ do: 'adopt', allocation }) as const)
      expect((await problemOf(store.commit(commitOf([putService('Z'), ...changes])))).code).toBe('conflict')
      expect(await store.read()).toEqual(before)
    }))

  test('a watcher misses nothing when the number jumps', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      const { revision } = await store.read()
      expect(highestFence(await store.read())).toBe(revision)
      const seen: number[] = []
      const stop = new AbortController()
      const watching = (async () => {
        for await (const event of store.watch(revision, stop.signal)) {
          seen.push(event.revision)
          if (event.revision >= 21) return
        }
      })()
      await store.commit(commitOf([putService('Z')], { above: 20 }))
      await watching
      stop.abort()
      expect(seen.at(-1)).toBe(21)
    }))
}
