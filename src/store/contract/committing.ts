import { expect, test } from 'bun:test'
import { allocate, at, commit, commitOf, move, problemOf, putRange, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

export function describeCommitting(makeFresh: MakeFresh): void {
  test('starts empty, at revision 0', () =>
    onFresh(makeFresh, async (store) => {
      expect(await store.read()).toEqual({
        revision: 0,
        ranges: [],
        services: [],
        allocations: [],
        resolutions: [],
        rulings: [],
      })
    }))

  test('gives every commit the next revision, also one without changes', () =>
    onFresh(makeFresh, async (store) => {
      expect(await commit(store, putService('A'))).toEqual({ revision: 1, allocations: [] })
      expect(await commit(store)).toEqual({ revision: 2, allocations: [] })
      expect((await store.read()).revision).toBe(2)
    }))

  test('leaves nothing of a commit with one bad change', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000]))
      const before = await store.read()
      const bad = [
        putRange('Web', 3000, 3099),
        putService('B'),
        allocate('B', [3001]),
        release('of A', 1),
        allocate('Nobody', [3002]),
      ]
      expect((await problemOf(commit(store, ...bad))).code).toBe('service-unknown')
      expect(await store.read()).toEqual(before)
    }))

  test('answers the same id with the first answer, also after others and with other changes', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const asked = commitOf([putService('A'), allocate('A', [3000, 3001])])
      const answer = await store.commit(asked)
      expect(await store.commit(asked)).toEqual(answer)
      await commit(store, move('of A', 1, [3005]))
      expect(await beside().commit({ ...asked, changes: [putService('Z')], ifRevision: 77 })).toEqual(answer)
      const { revision, services } = await store.read()
      expect({ revision, services: services.map(({ name }) => name) }).toEqual({ revision: 2, services: ['A'] })
    }))

  test('forgets the id of a refused commit, so that it can be tried again', () =>
    onFresh(makeFresh, async (store) => {
      const asked = commitOf([allocate('A', [3000])])
      await problemOf(store.commit(asked))
      await commit(store, putService('A'))
      expect((await store.commit(asked)).allocations.map(({ port }) => Number(port))).toEqual([3000])
    }))

  test('refuses a commit that was decided at another revision', () =>
    onFresh(makeFresh, async (store) => {
      await store.commit(commitOf([putService('A')], { ifRevision: 0 }))
      const problem = await problemOf(store.commit(commitOf([putService('B')], { ifRevision: 0 })))
      expect(problem.report()).toMatchObject({ code: 'revision-moved', facts: { expected: 0, current: 1 } })
      await store.commit(commitOf([putService('B')], { ifRevision: 1 }))
    }))

  test('lets fences grow, and refuses a stale one', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000]))
      expect((await commit(store, move('of A', 1, [3001]))).allocations[0]).toMatchObject({
        port: 3001,
        fence: 2,
        since: at,
      })
      expect((await problemOf(commit(store, move('of A', 1, [3002])))).report()).toMatchObject({
        code: 'fenced',
        facts: { id: 'of A', fence: 1, current: 2 },
      })
      expect((await problemOf(commit(store, release('of A', 1)))).code).toBe('fenced')
      await commit(store, release('of A', 2))
      expect((await problemOf(commit(store, release('of A', 2)))).code).toBe('allocation-unknown')
    }))

  test('keeps a service that still has ports', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000]), allocate('A', [3001], { id: 'second' }))
      const remove = { do: 'remove-service', host: 'box', name: 'A' } as const
      expect((await problemOf(commit(store, remove))).report()).toMatchObject({
        code: 'service-has-ports',
        facts: { name: 'A', ports: [3000, 3001] },
      })
      await commit(store, remove, release('of A', 1), release('second', 1))
      expect((await store.read()).services).toEqual([])
    }))
}
