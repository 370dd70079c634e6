import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Address } from '../address.ts'
import { compareListeners } from '../listener.ts'
import type { Holder, Listener } from '../listener.ts'
import { port } from '../port.ts'
import { listenerEvents, verdictEvents } from './port-event.ts'

function holder(pid: number, start = pid): Holder {
  const shown = { name: 'node', command: 'node server.js', cwd: '/shop', user: 'me', startedAt: null }
  return { boot: 'b00t', pid, start, session: pid, ...shown }
}

function listener(number: number, inode: number, holders: readonly Holder[], fields: Partial<Listener> = {}): Listener {
  const place = { protocol: 'tcp', family: 4, address: '127.0.0.1' as Address, port: port(number) } as const
  return { ...place, inode, uid: 1000, user: 'me', holders, ...fields }
}

const kinds = (before: Listener[], after: Listener[]): string[] =>
  listenerEvents(before, after).map(({ kind, port: number }) => `${kind} ${number}`)

test('tells what opened and what closed, by port', () => {
  const before = [listener(3000, 1, [holder(10)]), listener(9000, 2, [holder(11)])]
  const after = [listener(80, 3, [holder(12)]), listener(9000, 2, [holder(11)])]
  expect(kinds(before, after)).toEqual(['opened 80', 'closed 3000'])
  expect(listenerEvents(before, after)[1]?.holders.map(({ pid }) => pid)).toEqual([10])
})

test('tells who took a port over, and from whom', () => {
  const [taken] = listenerEvents([listener(3000, 1, [holder(10)])], [listener(3000, 2, [holder(20)])])
  expect(taken).toMatchObject({ kind: 'taken-over', holders: [{ pid: 20 }], before: [{ pid: 10 }] })
})

test('takes a pid that was used again for somebody else', () => {
  expect(kinds([listener(3000, 1, [holder(10, 1)])], [listener(3000, 2, [holder(10, 9)])])).toEqual(['taken-over 3000'])
})

test('sees no event where a worker joins or leaves, or a server opens its socket anew', () => {
  const shared = [listener(3000, 1, [holder(10)]), listener(3000, 2, [holder(11)])]
  expect(kinds([listener(3000, 1, [holder(10)])], shared)).toEqual([])
  expect(kinds(shared, [listener(3000, 2, [holder(11)])])).toEqual([])
  expect(kinds([listener(3000, 1, [holder(10)])], [listener(3000, 5, [holder(10)])])).toEqual([])
})

test('does not guess who a hidden holder is', () => {
  const hidden = listener(22, 1, [], { uid: 0, user: 'root' })
  expect(kinds([hidden], [{ ...hidden, inode: 2 }])).toEqual([])
  expect(kinds([hidden], [{ ...hidden, inode: 2, uid: 5, user: 'news' }])).toEqual(['taken-over 22'])
  expect(kinds([hidden], [{ ...hidden, holders: [holder(7)] }])).toEqual([])
})

test('tells one protocol and one address from another on the same port', () => {
  const before = [listener(53, 1, [holder(10)])]
  const after = [listener(53, 2, [holder(10)], { address: '0.0.0.0' as Address, protocol: 'udp' })]
  expect(listenerEvents(before, after).map(({ kind, protocol }) => [kind, protocol])).toEqual([
    ['closed', 'tcp'],
    ['opened', 'udp'],
  ])
})

test('from nothing to any state and back, every endpoint opens once and closes once, in order', () => {
  const states = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 })), {
    selector: ([number]) => number,
  })
  fc.assert(
    fc.property(states, states, (first, second) => {
      const [before, after] = [first, second].map((rows) =>
        rows.map(([number, pid]) => listener(number, pid * 100 + number, [holder(pid)])).toSorted(compareListeners),
      ) as [Listener[], Listener[]]
      const held = new Map(before.map((one) => [one.port, one.holders]))
      const events = listenerEvents(before, after)
      for (const { kind, port: number, holders } of events) {
        if (kind === 'closed') held.delete(number)
        else held.set(number, holders)
      }
      expect([...held].toSorted(([a], [b]) => a - b)).toEqual(after.map((one) => [one.port, one.holders]))
      expect(events).toEqual(events.toSorted((a, b) => a.port - b.port))
    }),
  )
})

test('tells verdicts that changed, and none of what was registered or released meanwhile', () => {
  const judged = (service: string, verdict: 'reserved' | 'active' | 'taken') => ({
    service,
    verdict,
    protocol: 'tcp' as const,
    address: '*' as Address,
    port: port(3000),
  })
  const before = [judged('API', 'reserved'), judged('Shop', 'active'), judged('Gone', 'taken')]
  const after = [judged('API', 'taken'), judged('Shop', 'active'), judged('New', 'active')]
  expect(verdictEvents(before, after)).toEqual([
    {
      kind: 'verdict',
      service: 'API',
      from: 'reserved',
      to: 'taken',
      protocol: 'tcp',
      address: '*' as Address,
      port: port(3000),
    },
  ])
})
