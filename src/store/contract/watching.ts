import { expect, test } from 'bun:test'
import type { RegistryStore, WatchEvent } from '../../operations/world.ts'
import { keptCommits } from '../kept-commits.ts'
import { commit, putRange, putService } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

/** The first events after the revision, so many as asked for. */
async function take(
  store: RegistryStore,
  after: number,
  count: number,
  pause?: () => Promise<void>,
): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  for await (const event of store.watch(after, new AbortController().signal)) {
    events.push(event)
    if (events.length === count) break
    await pause?.()
  }
  return events
}

export function describeWatching(makeFresh: MakeFresh): void {
  test('tells what a commit did to which row', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putRange('Web', 3000, 3099))
      await commit(store, putRange('Web', 3000, 3199))
      const [, second] = await take(store, 0, 2)
      expect(second).toMatchObject({
        kind: 'commit',
        revision: 2,
        effects: [{ row: 'range', key: 'web', before: { to: 3099 }, after: { to: 3199 } }],
      })
    }))

  test('waits for commits that are yet to come, those made through another way in as well', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const elsewhere = take(store, 0, 1)
      await Bun.sleep(0)
      await commit(beside(), putService('A'))
      expect((await elsewhere).map(({ kind, revision }) => [kind, revision])).toEqual([['commit', 1]])
      const here = take(store, 1, 1)
      await Bun.sleep(0)
      await commit(store, putService('B'))
      expect((await here).map(({ kind, revision }) => [kind, revision])).toEqual([['commit', 2]])
    }))

  test('ends without an error when it is aborted, before, between and while it waits', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'))
      await commit(store, putService('B'))
      for (const abortAfter of [0, 1, 2]) {
        const abort = new AbortController()
        if (abortAfter === 0) abort.abort()
        const seen: number[] = []
        for await (const { revision } of store.watch(0, abort.signal)) {
          seen.push(revision)
          if (abortAfter === 1) abort.abort()
          if (abortAfter === seen.length) setTimeout(() => abort.abort(), 0)
        }
        expect(seen).toEqual([1, 2].slice(0, abortAfter))
      }
    }))

  test('tells a watcher from a revision that never was to read again', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, putService('A'))
      expect(await take(store, 50, 1)).toEqual([{ kind: 'resync', revision: 1 }])
    }))

  test(
    'misses nothing in as many commits as it keeps, with a slow watcher beside a fast one, and says so to who comes later',
    () =>
      onFresh(makeFresh, async (store, { beside }) => {
        let turn = 0
        const slowly = (): Promise<void> => (++turn % 400 === 0 ? Bun.sleep(20) : Promise.resolve())
        const watchers = [take(store, 0, keptCommits), take(beside(), 0, keptCommits, slowly)]
        for (let number = 1; number <= keptCommits; number++) {
          await commit(store, putRange('Web', 3000, 3099, `${number}`))
          if (number % 50 === 0) await Bun.sleep(0)
        }
        const expected = Array.from({ length: keptCommits }, (_, index) => `${index + 1} ${index + 1}`)
        for (const events of await Promise.all(watchers)) {
          expect(events.map((event) => `${event.revision} ${purposeIn(event)}`)).toEqual(expected)
        }
        await commit(store, putService('A'))
        expect((await take(store, 0, 1)).map(({ kind, revision }) => ({ kind, revision }))).toEqual([
          { kind: 'resync', revision: keptCommits + 1 },
        ])
        expect((await take(store, 1, 1)).map(({ kind, revision }) => ({ kind, revision }))).toEqual([
          { kind: 'commit', revision: 2 },
        ])
      }),
    120_000,
  )
}

function purposeIn(event: WatchEvent): string | undefined {
  const effect = event.kind === 'commit' ? event.effects[0] : undefined
  return effect?.row === 'range' ? effect.after?.purpose : undefined
}
