import { expect, test } from 'bun:test'
import { allocate, commit, move, problemOf, putRange, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

export function describePlacing(makeFresh: MakeFresh): void {
  test('takes the first candidate that is free', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), putService('B'), allocate('A', [3000]))
      const { allocations } = await commit(store, allocate('B', [3000, 3002, 3001]))
      expect(allocations.map(({ port }) => Number(port))).toEqual([3002])
    }))

  test('says that the range is full when every candidate is taken', () =>
    onFresh(makeFresh, async (store) => {
      await commit(
        store,
        putRange('Web', 3000, 3001),
        putService('A'),
        allocate('A', [3000]),
        allocate('A', [3001], { id: '2' }),
      )
      const problem = await problemOf(commit(store, allocate('A', [3000, 3001], { id: '3', within: 'Web' })))
      expect(problem.report()).toMatchObject({ code: 'range-full', facts: { range: 'Web', tried: 2 } })
    }))

  test('names the holder when the only candidate is taken', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), putService('B'), allocate('A', [3000], { address: '127.0.0.1' }))
      const problem = await problemOf(commit(store, allocate('B', [3000])))
      expect(problem.report()).toMatchObject({
        code: 'conflict',
        facts: { port: 3000, protocol: 'tcp', address: '127.0.0.1', service: 'A', wanted: 'B' },
      })
    }))

  test('keeps automatic picks in their range, as it is at the commit', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putRange('Web', 3000, 3001), putService('A'))
      const outside = allocate('A', [3002], { within: 'Web' })
      expect((await problemOf(commit(store, outside))).code).toBe('out-of-range')
      expect((await problemOf(commit(store, allocate('A', [3000], { within: 'Nowhere' })))).code).toBe('range-unknown')
      await commit(store, putRange('web', 3000, 3002), outside)
    }))

  test('swaps the ports of two services in one commit, and turns three round', () =>
    onFresh(makeFresh, async (store) => {
      const names = ['A', 'B', 'C']
      await commit(
        store,
        ...names.map((name) => putService(name)),
        ...names.map((name, index) => allocate(name, [3000 + index])),
      )
      await commit(store, move('of A', 1, [3001]), move('of B', 1, [3000]))
      await commit(store, move('of A', 2, [3000]), move('of B', 2, [3002]), move('of C', 1, [3001]))
      const { allocations } = await store.read()
      expect(allocations.map(({ port, service }) => [Number(port), service])).toEqual([
        [3000, 'A'],
        [3001, 'C'],
        [3002, 'B'],
      ])
    }))

  test('gives a port that is released in the same commit to another, whatever the order', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), putService('B'), allocate('A', [3000]))
      await commit(store, allocate('B', [3000]), release('of A', 1))
      expect((await store.read()).allocations).toMatchObject([{ port: 3000, service: 'B', fence: 2 }])
    }))

  test('takes one port for tcp, for udp and on another host', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), putService('A', { host: 'other' }), allocate('A', [53]))
      await commit(
        store,
        allocate('A', [53], { id: 'udp', protocol: 'udp' }),
        allocate('A', [53], { id: 'other', host: 'other' }),
      )
      expect((await store.read()).allocations).toHaveLength(3)
    }))
}
