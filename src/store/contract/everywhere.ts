import { expect, test } from 'bun:test'
import { everyHost } from '../../core/host.ts'
import { isProblem } from '../../core/problem.ts'
import { allocate, commit, commitOf, doubt, hold, move, problemOf, putService, reclaim, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'
import { sessionOf } from './sessions.ts'

const fleet = { host: everyHost } as const
const other = { host: 'other' } as const

/** What holds on every host stands in the way on each of them, and each of them in its way. */
export function describeEverywhere(makeFresh: MakeFresh): void {
  test('a port of every host belongs to nobody else on any host, also on one that joins later', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A', fleet), putService('B'))
      await commit(store, allocate('A', [3000], fleet))
      expect((await problemOf(commit(store, allocate('B', [3000])))).code).toBe('conflict')
      const joins = commit(store, putService('C', other), allocate('C', [3000], other))
      expect((await problemOf(joins)).facts).toMatchObject({ port: 3000, service: 'A' })
      const { allocations } = await commit(store, allocate('B', [3000, 3001]))
      expect(allocations.map((row) => Number(row.port))).toEqual([3001])
      await commit(store, allocate('B', [3000], { id: 'udp', protocol: 'udp' }))
    }))

  test('a port that some host has is not given to every host, and is once it is free', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A', fleet), putService('B'), putService('C', other))
      await commit(store, allocate('B', [3000]), allocate('C', [3001], { ...other, address: '127.0.0.1' }))
      const { allocations } = await commit(store, allocate('A', [3000, 3001, 3002], fleet))
      expect(allocations).toMatchObject([{ port: 3002, host: everyHost }])
      expect((await problemOf(commit(store, move('of A', 3, [3001])))).code).toBe('conflict')
      await commit(store, release('of C', 2))
      expect((await commit(store, move('of A', 3, [3001]))).allocations.map((row) => Number(row.port))).toEqual([3001])
      expect((await problemOf(commit(store, move('of B', 2, [3001])))).code).toBe('conflict')
    }))

  test('what holds on every host is read with each host', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A', fleet), putService('B'), putService('C', other))
      await commit(store, allocate('A', [3000], fleet), allocate('B', [3001]), allocate('C', [3001], other))
      for (const [host, ids] of [
        ['box', ['of A', 'of B']],
        ['other', ['of A', 'of C']],
        ['new', ['of A']],
      ] as const) {
        const { allocations, services } = await store.read({ host })
        expect(allocations.map(({ id }) => id)).toEqual([...ids])
        expect(services).toHaveLength(ids.length)
      }
    }))

  test('goes from held to free step by step where its session is lost, and comes back, on every host alike', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await commit(store, putService('A', fleet), putService('B', other))
      const session = await store.openSession(sessionOf('s'))
      const wish = { ...fleet, session: 's', tokenHash: 'ab'.repeat(32) }
      await commit(store, { ...allocate('A', [3000], wish), kind: 'claim' } as ReturnType<typeof allocate>)
      await session.close()
      await commit(beside(), doubt('of A', 2, 's'))
      const joins = allocate('B', [3000], { ...other, id: 'b' })
      expect((await problemOf(commit(beside(), joins))).code).toBe('conflict')
      const { allocations } = await commit(store, hold('of A', 3, null))
      expect(allocations).toMatchObject([{ host: everyHost, tokenHash: wish.tokenHash, fence: 4 }])
      expect(allocations[0]).not.toHaveProperty('standing')
      const again = await store.openSession(sessionOf('again'))
      await commit(store, hold('of A', 4, 'again'))
      await again.close()
      await commit(beside(), doubt('of A', 5, 'again'))
      await commit(beside(), doubt('of A', 6, 'again', 'quarantined'))
      expect((await problemOf(commit(store, joins))).code).toBe('conflict')
      await commit(beside(), reclaim('of A', 7))
      expect((await commit(store, joins)).allocations).toMatchObject([{ host: 'other', port: 3000 }])
    }))

  test('of those that claim one port for one host and for every host at once, one kind gets it', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const second = beside()
      await commit(store, putService('A', fleet), putService('B'), putService('C', other))
      for (let port = 3000; port < 3010; port++) {
        await Promise.all([store.read(), second.read()])
        const wishes = [allocate('A', [port], { ...fleet, id: `a${port}` }), allocate('B', [port], { id: `b${port}` })]
        const ways = port % 2 ? [store, second] : [second, store]
        const ends = await Promise.allSettled(
          wishes.map((wish, index) => (ways[index] ?? store).commit(commitOf([wish]))),
        )
        expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        for (const end of ends) if (end.status === 'rejected') expect(isProblem(end.reason, 'conflict')).toBe(true)
      }
    }))

  test('two that claim one port for every host at once do not both get it', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const second = beside()
      const sole = (id: string) => ({ ...allocate('A', [3000, 3001], { ...fleet, id }), sole: true }) as const
      await commit(store, putService('A', fleet))
      await Promise.all([store.read(), second.read()])
      const ends = await Promise.allSettled([store.commit(commitOf([sole('x')])), second.commit(commitOf([sole('y')]))])
      const [lost, ...more] = ends.filter(({ status }) => status === 'rejected')
      expect(more).toEqual([])
      expect(lost?.status === 'rejected' && isProblem(lost.reason, 'claimed-meanwhile')).toBe(true)
    }))
}
