import { expect, test } from 'bun:test'
import type { Change } from '../../core/commit.ts'
import { port } from '../../core/port.ts'
import type { Registry } from '../../core/registry.ts'
import { planUndo } from '../../core/undo.ts'
import type { MadeCommit } from '../../core/undo.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, commitOf, move, problemOf, putRange, putService, release } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

const resolution = { host: 'box', service: 'A', from: port(3000), to: port(3005), why: 'it clashed', when: null }
const ruling = { host: 'box', rule: 'out-of-range', about: 'A', level: 'off', why: 'it stays', when: null } as const

/** Every kind of row made, changed and dropped in one commit. */
const everything: readonly Change[] = [
  putRange('Web', 3000, 3199, 'wider'),
  { do: 'remove-range', name: 'Data' },
  putRange('New', 9000, 9099),
  putService('A', { resolved: true }),
  move('of A', 1, [3005]),
  release('of B', 1),
  { do: 'remove-service', host: 'box', name: 'B' },
  putService('C'),
  allocate('C', [3001]),
  { do: 'record', resolution },
  { do: 'put-ruling', ruling },
]

/** What a person sees of the registry: fences and revisions only grow, and what comes back comes to the end of its list. */
function content({ ranges, services, allocations, resolutions, rulings }: Registry): string[] {
  const promises = allocations.map(({ fence: _fence, ...promise }) => promise)
  return [...ranges, ...services, ...promises, ...resolutions, ...rulings]
    .map((row) => JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .toSorted()
}

async function commitsFrom(store: RegistryStore, first: number): Promise<MadeCommit[]> {
  const { revision } = await store.read()
  const commits: MadeCommit[] = []
  for await (const event of store.watch(first - 1, new AbortController().signal)) {
    if (event.kind === 'commit') commits.push(event)
    if (event.revision >= revision) break
  }
  return commits
}

async function undo(store: RegistryStore, revision: number): Promise<void> {
  const [undone, ...later] = await commitsFrom(store, revision)
  if (!undone) throw new Error('it is not remembered')
  const registry = await store.read()
  await store.commit(commitOf(planUndo(registry, undone, later), { ifRevision: registry.revision, at: 'later' }))
}

export function describeUndoing(makeFresh: MakeFresh): void {
  test('takes back what a commit did to rows of every kind, and brings it again', () =>
    onFresh(makeFresh, async (store) => {
      const start = [putRange('Web', 3000, 3099), putRange('Data', 5000, 5099), putService('A'), putService('B')]
      await commit(store, ...start, allocate('A', [3000], { owner: 'me' }), allocate('B', [3001]))
      const before = content(await store.read())
      await commit(store, ...everything)
      const after = content(await store.read())
      await undo(store, 2)
      expect(content(await store.read())).toEqual(before)
      await undo(store, 3)
      expect(content(await store.read())).toEqual(after)
      await undo(store, 4)
      expect(content(await store.read())).toEqual(before)
    }))

  test('refuses to take back what was changed again, and names the commit that did it', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000]))
      await commit(store, move('of A', 1, [3005]))
      await commit(store, putService('B'), allocate('B', [3006]))
      await commit(store, move('of A', 2, [3007]))
      expect((await problemOf(undo(store, 2))).report()).toMatchObject({
        code: 'undo-overtaken',
        facts: { revision: 2, row: 'the port 3005/tcp of A', by: 4 },
      })
      await undo(store, 3)
      const { allocations } = await store.read()
      expect(allocations.map((one) => `${one.service} ${one.port}`)).toEqual(['A 3007'])
    }))

  test('refuses to give a port back that somebody else has by now', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'), allocate('A', [3000]))
      await commit(store, move('of A', 1, [3005]))
      await commit(store, putService('B'), allocate('B', [3000]))
      expect((await problemOf(undo(store, 2))).report()).toMatchObject({ code: 'conflict', facts: { service: 'B' } })
    }))
}
