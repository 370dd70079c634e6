import { expect, test } from 'bun:test'
import { array, assert, asyncModelRun, asyncProperty, boolean, commands, constantFrom, nat, record } from 'fast-check'
import type { AsyncCommand } from 'fast-check'
import type { Change, Commit } from '../../core/commit.ts'
import { isProblem } from '../../core/problem.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { openMemoryStore } from '../memory.ts'
import { addresses } from './bind-matrix.ts'
import { allocate, at, move, putRange, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

interface Model {
  readonly memory: RegistryStore
  readonly asked: Commit[]
}
interface Real {
  /** Two ways in to the same registry, so that one of them always knows an older state. */
  readonly ways: readonly RegistryStore[]
}
type Command = AsyncCommand<Model, Real, true>

const hosts = ['box', 'db1'] as const
const names = ['A', 'B', 'C'] as const

const wish = record({
  what: constantFrom('claim', 'claim', 'claim', 'move', 'release', 'service', 'remove', 'range', 'unrange'),
  host: constantFrom(...hosts),
  name: constantFrom(...names),
  address: constantFrom(...addresses),
  protocol: constantFrom('tcp' as const, 'udp' as const),
  candidates: array(nat(5), { minLength: 1, maxLength: 4 }),
  within: boolean(),
  sole: boolean(),
  /** Which allocation of those that are there, and whether its fence is the current one. */
  which: nat(9),
  stale: nat(7),
})
type Wish = typeof wish extends { generate: (...args: never[]) => { value: infer Value } } ? Value : never

const commit = record({ way: nat(1), wishes: array(wish, { minLength: 1, maxLength: 3 }), decided: nat(5) }).map(
  ({ way, wishes, decided }): Command => ({
    check: async () => true,
    run: async (model, { ways }) => {
      const { revision, allocations } = await model.memory.read()
      const id = `c${model.asked.length}`
      const changes = wishes.flatMap((one, index) => changeOf(one, allocations, `${id}.${index}`))
      // Every sixth is bound to a revision, every second of those to one that is over.
      const bound = decided === 0 ? { ifRevision: revision } : decided === 1 ? { ifRevision: revision - 1 } : {}
      const asked = { id, at, changes, ...bound }
      model.asked.push(asked)
      expect(await outcomeOf(ways[way], asked)).toEqual(await outcomeOf(model.memory, asked))
    },
    toString: () => `commit by ${way}: ${JSON.stringify(wishes)}`,
  }),
)

const again = record({ way: nat(1), which: nat(50) }).map(({ way, which }): Command => ({
  check: async ({ asked }) => asked.length > 0,
  run: async ({ memory, asked }, { ways }) => {
    const before = asked[which % asked.length]
    if (before) expect(await outcomeOf(ways[way], before)).toEqual(await outcomeOf(memory, before))
  },
  toString: () => `ask again for ${which} by ${way}`,
}))

const look = record({ way: nat(1), host: constantFrom(undefined, ...hosts) }).map(({ way, host }): Command => ({
  check: async () => true,
  run: async ({ memory }, { ways }) => {
    const query = host === undefined ? {} : { host }
    expect(await ways[way]?.read(query)).toEqual(await memory.read(query))
  },
  toString: () => `read ${host ?? 'all'} by ${way}`,
}))

/** Random commits, the same ones asked for again, and reads, through two ways in: every answer is the one that the memory store gives. */
export function describeModelling(makeFresh: MakeFresh, numRuns: number): void {
  test('answers everything as the model does, whoever asks', async () => {
    await assert(
      asyncProperty(commands([commit, commit, commit, again, look], { size: '+1' }), (all) =>
        onFresh(makeFresh, async (store, { beside }) => {
          const memory = openMemoryStore()
          const real = { ways: [store, beside()] }
          await asyncModelRun(() => ({ model: { memory, asked: [] }, real }), all)
          expect(await store.read()).toEqual(await memory.read())
          expect(await events(real.ways[1])).toEqual(await events(memory))
        }),
      ),
      { numRuns },
    )
  }, 120_000)
}

function changeOf(
  { what, host, name, candidates, address, protocol, within, sole, which, stale }: Wish,
  present: readonly { readonly id: string; readonly fence: number }[],
  id: string,
): Change[] {
  const ports = candidates.map((number) => 3000 + number)
  const target = present[which % Math.max(1, present.length)]
  const fence = (target?.fence ?? 1) - (stale === 0 ? 1 : 0)
  switch (what) {
    case 'move':
      return target ? [move(target.id, fence, ports)] : []
    case 'release':
      return target ? [release(target.id, fence)] : []
    case 'service':
      return [putService(name, { host, description: id })]
    case 'remove':
      return [{ do: 'remove-service', host, name }]
    case 'range':
      return [putRange('Web', 3000, 3002 + (which % 4))]
    case 'unrange':
      return [{ do: 'remove-range', name: 'web' }]
    default: {
      const claim = allocate(name, ports, { id, host, address, protocol, ...(within ? { within: 'Web' } : {}) })
      return [putService(name, { host }), { ...claim, sole } as Change]
    }
  }
}

/** The answer, or the code of the problem; anything else is our own fault. */
async function outcomeOf(store: RegistryStore | undefined, asked: Commit): Promise<unknown> {
  try {
    return await store?.commit(asked)
  } catch (error) {
    if (!isProblem(error)) throw error
    return { refused: error.code }
  }
}

async function events(store: RegistryStore | undefined): Promise<unknown[]> {
  const newest = (await store?.read())?.revision ?? 0
  const seen: unknown[] = []
  if (!store || newest === 0) return seen
  for await (const event of store.watch(0, new AbortController().signal)) {
    seen.push(event)
    if (event.revision === newest) break
  }
  return seen
}
