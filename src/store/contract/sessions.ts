import { expect, test } from 'bun:test'
import type { NewSession, Session } from '../../core/session.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, hold, problemOf, putService } from './changes.ts'
import { onFresh } from './fresh.ts'
import type { MakeFresh } from './fresh.ts'

/** The shortest that is allowed, so that waiting for etcd to end one is short. */
export const shortest = 2_000

export function sessionOf(id: string, fields: Partial<NewSession> = {}): NewSession {
  return { id, owner: 'tester', host: 'box', ttl: 60_000, ...fields }
}

async function find(store: RegistryStore, id: string): Promise<Session | undefined> {
  return (await store.sessions()).find((one) => one.id === id)
}

export function describeSessions(makeFresh: MakeFresh): void {
  test('opens the first thing that a registry holds, and neither that, renewing nor closing is a commit', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const other = beside()
      expect(await other.sessions()).toEqual([])
      const session = await store.openSession(sessionOf('first'))
      expect(await find(other, 'first')).toMatchObject({ id: 'first', owner: 'tester', host: 'box', ttl: 60_000 })
      await session.renew()
      await session.close()
      await session.close()
      expect(await other.sessions()).toEqual([])
      expect((await other.read()).revision).toBe(0)
    }))

  test('shows a renewal to who looks, or watches the time itself', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      const session = await store.openSession(sessionOf('a'))
      const before = await find(beside(), 'a')
      await session.renew()
      const after = await find(beside(), 'a')
      if (before?.beat === null) expect(after?.beat).toBeNull()
      else expect(after?.beat).toBe((before?.beat ?? 0) + 1)
    }))

  test('keeps the sessions of several owners apart', () =>
    onFresh(makeFresh, async (store) => {
      const a = await store.openSession(sessionOf('a', { owner: 'Ünï 東京' }))
      await store.openSession(sessionOf('b/../%2F b', { host: 'other' }))
      await a.close()
      expect(await store.sessions()).toMatchObject([{ id: 'b/../%2F b', host: 'other' }])
      expect((await problemOf(a.renew())).code).toBe('session-lost')
    }))

  for (const [what, fields, code] of [
    ['a TTL of 0', { ttl: 0 }, 'session-ttl-invalid'],
    ['a TTL of a century', { ttl: 100 * 365 * 86_400_000 }, 'session-ttl-invalid'],
    ['a TTL that is no number', { ttl: Number.NaN }, 'session-ttl-invalid'],
    ['an owner with control characters', { owner: 'a\u001b[2Jb' }, 'name-invalid'],
    ['no owner', { owner: '' }, 'name-invalid'],
  ] as const) {
    test(`refuses ${what}`, () =>
      onFresh(makeFresh, async (store) => {
        expect((await problemOf(store.openSession(sessionOf('x', fields)))).code).toBe(code)
        expect(await store.sessions()).toEqual([])
      }))
  }

  test('lets a claim be held only by a session that is there', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await commit(store, putService('A'))
      const claim = { id: 'a', session: 'gone', tokenHash: 'hash' }
      expect((await problemOf(commit(store, allocate('A', [3000], claim)))).code).toBe('session-lost')
      const session = await store.openSession(sessionOf('there'))
      const made = await commit(store, allocate('A', [3000], { ...claim, session: 'there' }))
      expect(made.allocations).toMatchObject([{ session: 'there', tokenHash: 'hash', fence: 2 }])
      expect((await beside().read()).allocations).toEqual([...made.allocations])
      expect((await problemOf(commit(beside(), hold('a', 2, 'gone')))).code).toBe('session-lost')
      const free = await commit(beside(), hold('a', 2, null))
      expect(free.allocations[0]).not.toHaveProperty('session')
      await session.close()
      expect((await problemOf(commit(store, hold('a', 3, 'there')))).code).toBe('session-lost')
    }))

  test('keeps every field that a claim bears', () =>
    onFresh(makeFresh, async (store, { beside }) => {
      await commit(store, putService('A'))
      const bearing = {
        begun: { boot: 'b-1', at: 12_345.67 },
        tokenHash: 'ab'.repeat(32),
        expires: '2027-01-01T00:00:00Z',
      }
      const { allocations } = await commit(store, allocate('A', [3000], bearing))
      expect(allocations[0]).toMatchObject(bearing)
      expect((await beside().read()).allocations).toEqual([...allocations])
    }))
}
