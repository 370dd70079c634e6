import { expect, test } from 'bun:test'
import type { Address } from '../address.ts'
import type { Listener } from '../listener.ts'
import { port } from '../port.ts'
import { flapping, tenureChanges } from './tenure.ts'
import type { Tenure } from './tenure.ts'
import { hasJumped, heldDuring, stretchesOf, wallTimeOf } from './watch.ts'
import type { Watch } from './watch.ts'

const noon = Date.UTC(2026, 10, 25, 12)
const minute = 60_000

/** Begins at uptime 0, when the wall clock showed noon. */
const watch: Watch = { id: '1', boot: 'a', from: 0, until: 30 * minute, offset: noon }

function tenure(from: number, until: number | null, fields: Partial<Tenure> = {}): Tenure {
  const place = { protocol: 'tcp', address: '*' as Address, port: port(3000), user: 'me' } as const
  const known = { key: `${from} ${until}`, holder: null, boot: 'a', exact: true }
  return { ...place, ...known, from, until, ending: until === null ? null : 'closed', ...fields }
}

const at = (hours: number, minutes: number): number => Date.UTC(2026, 10, 25, hours, minutes)

test('turns moments into what the wall clock showed, and back', () => {
  expect(wallTimeOf({ boot: 'a', at: 5 * minute }, [watch])).toBe('2026-11-25T12:05:00.000Z')
  expect(stretchesOf(at(12, 5), at(12, 6), [watch])).toEqual([
    { boot: 'a', from: 5 * minute, until: 6 * minute, watched: true },
  ])
  expect(wallTimeOf({ boot: 'another', at: 5 }, [watch])).toBeNull()
})

test('a clock that was set back showed the same time twice, and both count', () => {
  const later: Watch = { id: '2', boot: 'a', from: 30 * minute + 1, until: 60 * minute, offset: noon - 20 * minute }
  const both = [watch, later]
  expect(hasJumped(watch, { boot: 'a', at: 31 * minute }, new Date(at(12, 11)))).toBe(true)
  expect(hasJumped(watch, { boot: 'a', at: 31 * minute }, new Date(at(12, 31) + 900))).toBe(false)
  const stretches = stretchesOf(at(12, 15), at(12, 16), both)
  expect(stretches.map(({ from }) => from)).toEqual([15 * minute, 35 * minute])
  const held = heldDuring(
    [tenure(14 * minute, 20 * minute), tenure(21 * minute, 34 * minute), tenure(35 * minute, null)],
    stretches,
    both,
  )
  expect(held.map(({ from }) => from)).toEqual([14 * minute, 35 * minute])
})

test('who was there before and after a time in which nobody watched had it all along', () => {
  const later: Watch = { ...watch, id: '2', from: 50 * minute, until: 60 * minute }
  const stretches = stretchesOf(at(12, 40), at(12, 41), [watch, later])
  expect(stretches).toMatchObject([{ watched: false }])
  const all = [tenure(10 * minute, 55 * minute), tenure(10 * minute, 30 * minute, { ending: 'unseen' })]
  expect(heldDuring(all, stretches, [watch, later])).toEqual([all[0] as Tenure])
})

test('another boot is another count', () => {
  const other: Watch = { id: '2', boot: 'b', from: 0, until: 10 * minute, offset: at(15, 0) }
  const held = heldDuring(
    [tenure(0, null), tenure(0, null, { boot: 'b' })],
    stretchesOf(at(15, 5), at(15, 6), [watch, other]),
    [watch, other],
  )
  expect(held.map(({ boot }) => boot)).toEqual(['b'])
})

test('marks three turns within a minute as flapping, and nothing slower', () => {
  const quick = [tenure(0, 5000), tenure(20_000, 25_000), tenure(40_000, 41_000), tenure(10 * minute, null)]
  expect(flapping(quick)).toEqual(new Set(quick.slice(0, 3).map(({ key }) => key)))
  expect(flapping([tenure(0, 1000), tenure(40_000, 41_000), tenure(80_000, 81_000)]).size).toBe(0)
})

test('workers that share a port do not flap', () => {
  expect(flapping([tenure(0, 9000), tenure(1, 9001), tenure(2, 9002), tenure(3, 9003)]).size).toBe(0)
})

test('writes down who came and who went', () => {
  const holder = {
    boot: 'a',
    pid: 9,
    start: 5,
    session: 9,
    name: 'node',
    command: 'x'.repeat(9999),
    cwd: null,
    user: 'me',
    startedAt: null,
  }
  const place = {
    protocol: 'tcp',
    family: 4,
    address: '0.0.0.0' as Address,
    port: port(3000),
    uid: 0,
    user: 'me',
  } as const
  const listener: Listener = { ...place, inode: 1, holders: [holder] }
  const now = { boot: 'a', at: 77 }
  const { begun, ended } = tenureChanges([listener], [{ ...listener, inode: 2 }], now)
  expect(begun).toMatchObject([{ from: 77, exact: true, until: null, holder: { pid: 9, command: 'x'.repeat(500) } }])
  expect(ended).toMatchObject([{ until: 77, ending: 'closed' }])
  expect(begun[0]?.key).not.toBe(ended[0]?.key)
  const same = [listener]
  expect(tenureChanges(same, same, now)).toEqual({ begun: [], ended: [] })
})
