import { expect, test } from 'bun:test'
import type { Change } from '../../core/commit.ts'
import type { Registry } from '../../core/registry.ts'
import { port } from '../../core/port.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Resolution } from '../../core/service.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, commitOf, move, putRange, putService } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

function moved(service: string, host = 'box', when: string | null = null): Resolution {
  return { host, service, from: null, to: port(3001), why: 'it clashed', when }
}

async function fill(store: RegistryStore): Promise<void> {
  await commit(store, putRange('Web', 3000, 3099), putRange('Data', 5000, 5099), putService('B'), putService('A'))
  await commit(store, putService('A', { host: 'other' }), { do: 'record', resolution: moved('Z') })
  await commit(
    store,
    { do: 'record', resolution: moved('A', 'other', '2026-01-01') },
    { do: 'record', resolution: moved('A') },
  )
  await commit(
    store,
    allocate('A', [3001], { id: '1', address: '127.0.0.1' }),
    allocate('A', [3000], { id: '2', protocol: 'udp' }),
  )
  await commit(store, allocate('B', [3000], { id: '3' }), allocate('A', [80], { id: '4', host: 'other' }))
}

function outline({ ranges, services, allocations, resolutions }: Registry): string[] {
  return [
    ranges.map(({ name }) => name).join(' '),
    services.map(({ host, name }) => `${host}/${name}`).join(' '),
    allocations.map(({ id }) => id).join(' '),
    resolutions.map(({ host, service }) => `${host}/${service}`).join(' '),
  ]
}

export function describeReading(makeFresh: MakeFresh): void {
  test('lists ranges, services and resolutions as they were added, allocations by port and protocol', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      expect(outline(await store.read())).toEqual(['Web Data', 'box/B box/A other/A', '4 3 2 1', 'box/Z other/A box/A'])
    }))

  test('keeps the place of what is edited, and puts what is added again at the end', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      await commit(
        store,
        putRange('WEB', 3000, 3199, 'servers'),
        putService('b', { resolved: true, declared: 'active', range: 'Web' }),
      )
      await commit(store, { do: 'record', resolution: { ...moved('Z'), why: 'another reason' } })
      const registry = await store.read()
      expect(outline(registry)).toEqual(['WEB Data', 'box/b box/A other/A', '4 3 2 1', 'box/Z other/A box/A'])
      expect(registry.ranges[0]).toEqual({
        name: 'WEB',
        from: port(3000),
        to: port(3199),
        purpose: 'servers',
        examples: '',
      })
      expect(registry.services[0]).toMatchObject({ resolved: true, declared: 'active', range: 'Web' })
      expect(registry.resolutions[0]?.why).toBe('another reason')
      await commit(store, { do: 'remove-range', name: 'web' })
      await commit(store, putRange('Web', 1, 2))
      expect(outline(await store.read())[0]).toBe('Data Web')
    }))

  test('shows one host its own rows and every range', () =>
    onFresh(makeFresh, async (store) => {
      await fill(store)
      expect(outline(await store.read({ host: 'other' }))).toEqual(['Web Data', 'other/A', '4', 'other/A'])
      expect(outline(await store.read({ host: 'nobody' }))).toEqual(['Web Data', '', '', ''])
    }))

  test('lists the rulings of a host and those for every host, keeps the place of one that is replaced, and drops one', () =>
    onFresh(makeFresh, async (store) => {
      const ruling = (host: string | null, about: string | null, level: Ruling['level'] = 'off'): Ruling => {
        return { host, rule: 'out-of-range', about, level, why: '', when: null }
      }
      const put = (one: Ruling): Change => ({ do: 'put-ruling', ruling: one })
      const levels = async (host?: string): Promise<string> =>
        (await store.read(host === undefined ? {} : { host })).rulings
          .map(({ about, level }) => `${about}:${level}`)
          .join(' ')
      await commit(store, put(ruling('box', 'A')), put(ruling(null, null, 'error')), put(ruling('other', 'A')))
      await commit(store, put(ruling('box', 'a (Resolved)', 'notice')))
      expect(await levels()).toBe('a (Resolved):notice null:error A:off')
      expect(await levels('other')).toBe('null:error A:off')
      await commit(store, { do: 'remove-ruling', ruling: ruling(null, null) })
      expect(await levels('box')).toBe('a (Resolved):notice')
    }))

  test('forgets a recorded move, and gives a promise again as old as it was', () =>
    onFresh(makeFresh, async (store) => {
      await commit(store, { do: 'record', resolution: moved('Z') }, { do: 'record', resolution: moved('A') })
      await commit(store, { do: 'forget', resolution: moved('Z') })
      expect((await store.read()).resolutions.map(({ service }) => service)).toEqual(['A'])
      const again = { ...allocate('A', [3000]), since: '2020-01-01T00:00:00.000Z' } as Change
      await commit(store, putService('A'), again)
      expect((await store.read()).allocations[0]?.since).toBe('2020-01-01T00:00:00.000Z')
    }))

  test('keeps every field, text of all languages included', () =>
    onFresh(makeFresh, async (store) => {
      const service = {
        host: 'box',
        name: 'Ünï "quoted" 東京 🚀',
        description: "it's; -- \\ %",
        range: 'x',
        resolved: true,
        declared: 'active',
      } as const
      const resolution = { ...moved(service.name, 'box', '2026-02-03'), from: port(65535) }
      const ruling = { host: 'box', rule: 'x', about: service.name, level: 'off', why: "it's so", when: null } as const
      await commit(store, { do: 'put-service', service }, { do: 'record', resolution }, { do: 'put-ruling', ruling })
      const { allocations } = await commit(
        store,
        allocate(service.name, [65535], {
          address: 'fe80::1%eth0',
          owner: '/home/me/shop',
          expires: '2027-01-01T00:00:00Z',
        }),
      )
      expect(await store.read()).toEqual({
        revision: 2,
        ranges: [],
        services: [service],
        allocations,
        resolutions: [resolution],
        rulings: [ruling],
      })
    }))

  test('is not changed by what a reader or a writer does to its own values', () =>
    onFresh(makeFresh, async (store) => {
      const asked = commitOf([putRange('Web', 3000, 3099), putService('A'), allocate('A', [3000])])
      const answer = await store.commit(asked)
      const before = structuredClone(await store.read())
      const spoil = (value: object): void => {
        for (const [key, inner] of Object.entries(value)) {
          if (inner !== null && typeof inner === 'object') spoil(inner)
          else Reflect.set(value, key, 'spoiled')
        }
        if (Array.isArray(value)) value.length = 0
      }
      const id = asked.id
      const kept = structuredClone(answer)
      for (const value of [await store.read(), answer, asked]) spoil(value)
      const abort = new AbortController()
      for await (const event of store.watch(0, abort.signal)) {
        spoil(event)
        abort.abort()
      }
      expect(await store.read()).toEqual(before)
      for (const answered of [1, 2]) {
        const again = await store.commit(commitOf([], { id }))
        expect([answered, again]).toEqual([answered, kept])
        spoil(again)
      }
    }))

  test('shows a reader one revision, never half of a commit', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await commit(store, putService('A'), putService('B'), allocate('A', [3000]), allocate('B', [4000]))
      const reader = beside()
      const progress = { done: false }
      const writing = (async () => {
        for (let round = 1; round <= 300; round++) {
          await commit(
            store,
            move('of A', round, [3000 + round]),
            move('of B', round, [4000 + round]),
            putService('A', { description: `${round}` }),
          )
          if (round % 10 === 0) await Bun.sleep(0)
        }
        progress.done = true
      })()
      const revisions = new Set<number>()
      while (!progress.done) {
        const { revision, allocations, services } = await reader.read()
        revisions.add(revision)
        expect(allocations.map(({ port: number }) => number % 1000)).toEqual([revision - 1, revision - 1])
        expect(Number(services[0]?.description)).toBe(revision - 1)
        await Bun.sleep(0)
      }
      await writing
      expect(revisions.size).toBeGreaterThan(2)
    }))
}
