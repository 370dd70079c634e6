import { expect, test } from 'bun:test'
import { anyAddress, parseAddress } from './address.ts'
import type { Allocation } from './allocation.ts'
import { decide, keyOf } from './commit.ts'
import type { Change, Commit, View } from './commit.ts'
import { port } from './port.ts'
import type { Service } from './service.ts'

const service = (name: string): Service => ({
  host: 'h',
  name,
  description: '',
  range: null,
  resolved: false,
  declared: 'reserved',
})
const allocation = (id: string, name: string, number: number, address = '*'): Allocation => ({
  id,
  fence: 1,
  kind: 'reservation',
  host: 'h',
  service: name,
  protocol: 'tcp',
  address: parseAddress(address),
  port: port(number),
  owner: null,
  since: 't0',
  expires: null,
})

function viewOf(services: Service[], allocations: Allocation[]): View {
  return {
    revision: 7,
    range: (key) =>
      key === 'core' ? { name: 'Core', from: port(3000), to: port(3009), purpose: '', examples: '' } : null,
    service: (key) => services.find(({ host, name }) => keyOf.service(host, name) === key) ?? null,
    allocation: (id) => allocations.find((one) => one.id === id) ?? null,
    resolution: () => null,
    ruling: () => null,
    session: () => null,
    allocationsOn: (host, protocol, number) =>
      allocations.filter((one) => one.host === host && one.protocol === protocol && one.port === number),
    allocationsFor: (key) => allocations.filter((one) => keyOf.service(one.host, one.service) === key),
  }
}

const view = viewOf([service('A'), service('B')], [allocation('a', 'A', 3000), allocation('b', 'B', 3001)])
const commit = (...changes: Change[]): Commit => ({ id: 'c', at: 't1', changes })
const request = (id: string, name: string, ...candidates: number[]): Change => ({
  do: 'allocate',
  id,
  kind: 'reservation',
  host: 'h',
  service: name,
  protocol: 'tcp',
  address: anyAddress,
  candidates: candidates.map(port),
  within: null,
  owner: null,
  expires: null,
  sole: false,
})
const moveTo = (id: string, number: number, fence = 1): Change => ({
  do: 'move',
  id,
  fence,
  candidates: [port(number)],
})

test('two services can swap their ports in one commit', () => {
  const { committed } = decide(view, commit(moveTo('a', 3001), moveTo('b', 3000)))
  expect(committed.allocations.map(({ id, port: number, fence }) => [id, Number(number), fence])).toEqual([
    ['a', 3001, 8],
    ['b', 3000, 8],
  ])
})

test('a moved allocation keeps who owns it and since when', () => {
  const { committed } = decide(view, commit(moveTo('a', 3005)))
  expect(committed.allocations[0]).toMatchObject({ since: 't0', kind: 'reservation', service: 'A' })
})

test('the first free candidate is taken', () => {
  expect(decide(view, commit(request('c', 'A', 3000, 3001, 3002, 3003))).committed.allocations[0]?.port).toBe(
    port(3002),
  )
})

test('one candidate that is taken names its owner; several name what was tried', () => {
  expect(() => decide(view, commit(request('c', 'A', 3001)))).toThrow(
    expect.objectContaining({ code: 'conflict', facts: expect.objectContaining({ service: 'B', wanted: 'A' }) }),
  )
  expect(() => decide(view, commit(request('c', 'A', 3000, 3001)))).toThrow(
    expect.objectContaining({ code: 'range-full', facts: expect.objectContaining({ tried: 2 }) }),
  )
})

test('ports taken earlier in the same commit are taken', () => {
  expect(() => decide(view, commit(request('c', 'A', 4000), request('d', 'B', 4000)))).toThrow(
    expect.objectContaining({ code: 'conflict' }),
  )
})

test('an overlap across addresses is a conflict, 0.0.0.0 beside ::1 is none', () => {
  const present = viewOf([service('A'), service('B')], [allocation('a', 'A', 3000, '0.0.0.0')])
  const at = (address: string): Change => ({ ...request('c', 'B', 3000), address: parseAddress(address) }) as Change
  expect(() => decide(present, commit(at('127.0.0.1')))).toThrow(expect.objectContaining({ code: 'conflict' }))
  expect(decide(present, commit(at('::1'))).committed.allocations).toHaveLength(1)
})

test('an old fence changes nothing', () => {
  expect(() => decide(view, commit(moveTo('a', 3005, 0)))).toThrow(expect.objectContaining({ code: 'fenced' }))
  expect(() => decide(view, commit({ do: 'release', id: 'a', fence: 2 }))).toThrow(
    expect.objectContaining({ code: 'fenced' }),
  )
})

test('an id is given only once, also within a commit', () => {
  expect(() => decide(view, commit(request('a', 'B', 4000)))).toThrow(expect.objectContaining({ code: 'fenced' }))
  expect(() => decide(view, commit(request('n', 'B', 4000), request('n', 'B', 4001)))).toThrow(
    expect.objectContaining({ code: 'fenced' }),
  )
  expect(() =>
    decide(view, commit({ do: 'release', id: 'a', fence: 1 }, { do: 'release', id: 'a', fence: 1 })),
  ).toThrow(expect.objectContaining({ code: 'allocation-unknown' }))
})

test('a service with ports does not go', () => {
  const gone: Change = { do: 'remove-service', host: 'h', name: 'A' }
  expect(() => decide(view, commit(gone))).toThrow(expect.objectContaining({ code: 'service-has-ports' }))
  const { effects } = decide(view, commit(gone, { do: 'release', id: 'a', fence: 1 }))
  expect(effects.map(({ row, after }) => [row, after])).toEqual([
    ['allocation', null],
    ['service', null],
  ])
})

test('a port is promised to registered services only, also to one of the same commit', () => {
  expect(() => decide(view, commit(request('c', 'Nobody', 4000)))).toThrow(
    expect.objectContaining({ code: 'service-unknown' }),
  )
  expect(
    decide(view, commit({ do: 'put-service', service: service('New') }, request('c', 'new', 4000))).committed
      .allocations,
  ).toHaveLength(1)
})

test('a pick that no person made stays in its range', () => {
  const within = (number: number): Change => ({ ...request('c', 'A', number), within: 'Core' }) as Change
  expect(() => decide(view, commit(within(4000)))).toThrow(expect.objectContaining({ code: 'out-of-range' }))
  expect(decide(view, commit(within(3009))).committed.allocations[0]?.port).toBe(port(3009))
})

test('a decision for another revision is refused', () => {
  expect(() => decide(view, { ...commit(), ifRevision: 6 })).toThrow(
    expect.objectContaining({ code: 'revision-moved', facts: { expected: 6, current: 7 } }),
  )
  expect(decide(view, { ...commit(), ifRevision: 7 }).committed.revision).toBe(8)
})
