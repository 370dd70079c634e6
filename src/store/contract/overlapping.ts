import { expect, test } from 'bun:test'
import { array, assert, asyncProperty, constant, constantFrom, integer, nat, oneof, record } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { endpointsOverlap } from '../../core/allocation.ts'
import type { Allocation } from '../../core/allocation.ts'
import type { Change } from '../../core/commit.ts'
import { isProblem } from '../../core/problem.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { addresses, mayBeBeside } from './bind-matrix.ts'
import { allocate, commit, move, problemOf, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

const port = integer({ min: 3000, max: 3002 })
const candidates = array(port, { minLength: 1, maxLength: 3 })
const step = oneof(
  {
    weight: 3,
    arbitrary: record({
      do: constant('allocate' as const),
      candidates,
      address: constantFrom(...addresses),
      protocol: constantFrom('tcp' as const, 'udp' as const),
    }),
  },
  { weight: 2, arbitrary: record({ do: constant('move' as const), candidates, which: nat(20) }) },
  { weight: 1, arbitrary: record({ do: constant('release' as const), which: nat(20) }) },
)
type Step = typeof step extends Arbitrary<infer Value> ? Value : never

/** Every two of them that could not both listen, by core's rule or by the measured matrix. */
export function clashes(allocations: readonly Allocation[]): string[] {
  return allocations.flatMap((a, index) =>
    allocations
      .slice(index + 1)
      .filter(
        (b) =>
          endpointsOverlap(a, b) ||
          (a.host === b.host && a.port === b.port && a.protocol === b.protocol && !mayBeBeside(a.address, b.address)),
      )
      .map((b) => `${a.id} ${a.address} and ${b.id} ${b.address} on ${a.port}/${a.protocol}`),
  )
}

export function describeOverlapping(makeFresh: MakeFresh): void {
  test('promises a port beside another exactly where both could listen', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), putService('B'))
      for (const [row, a] of addresses.entries()) {
        for (const [column, b] of addresses.entries()) {
          const number = 4000 + row * 10 + column
          await commit(store, allocate('A', [number], { id: `${a} ${b} first`, address: a }))
          const second = commit(store, allocate('B', [number], { id: `${a} ${b} second`, address: b }))
          if (mayBeBeside(a, b)) await second
          else expect((await problemOf(second)).code).toBe('conflict')
        }
      }
    }))

  test('never leaves two promises that stand in each other’s way', async () => {
    let id = 0
    await assert(
      asyncProperty(array(array(step, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 30 }), (commits) =>
        onFresh(makeFresh, async (store) => {
          await commit(store, putService('A'))
          for (const steps of commits) {
            const before = await store.read()
            const changes = steps
              .map((wanted) => changeOf(wanted, before.allocations, `a${++id}`))
              .filter((change) => change !== null)
            await commitOrRefuse(store, changes)
            expect(clashes((await store.read()).allocations)).toEqual([])
          }
        }),
      ),
      { numRuns: 30 },
    )
  }, 60_000)
}

function changeOf(wanted: Step, present: readonly Allocation[], id: string): Change | null {
  if (wanted.do === 'allocate')
    return allocate('A', wanted.candidates, { id, address: wanted.address, protocol: wanted.protocol })
  const target = present[wanted.which % Math.max(1, present.length)]
  if (!target) return null
  return wanted.do === 'move' ? move(target.id, target.fence, wanted.candidates) : release(target.id, target.fence)
}

async function commitOrRefuse(store: RegistryStore, changes: readonly Change[]): Promise<void> {
  try {
    await commit(store, ...changes)
  } catch (error) {
    if (!isProblem(error)) throw error
  }
}
