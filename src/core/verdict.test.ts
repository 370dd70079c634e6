import { expect, test } from 'bun:test'
import { parseAddress } from './address.ts'
import type { Holder, Listener } from './listener.ts'
import { port } from './port.ts'
import type { Identified } from './verdict.ts'
import { judge, listenersAt } from './verdict.ts'

const holder = (pid: number): Holder => ({
  boot: '',
  pid,
  start: 1,
  session: pid,
  name: 'x',
  command: 'x',
  cwd: null,
  user: null,
  startedAt: null,
})
const listener = (address: string, ...pids: number[]): Listener => ({
  protocol: 'tcp',
  family: address.includes(':') ? 6 : 4,
  address: parseAddress(address),
  port: port(3000),
  inode: 1,
  uid: 0,
  user: 'root',
  holders: pids.map(holder),
})
const known = (pids: Record<number, Identified>) => (one: Holder) => pids[one.pid] ?? null
const own: Identified = { service: 'Web', by: 'run' }
const foreign: Identified = { service: 'Other', by: 'marker' }

test('nobody listens: reserved, or silent where it should be up', () => {
  expect(judge('Web', [], () => null, false).verdict).toBe('reserved')
  expect(judge('Web', [], () => null, true).verdict).toBe('silent')
})

test('a listener that nothing identifies is never called active', () => {
  expect(judge('Web', [listener('*', 1)], () => null, false).verdict).toBe('unverified')
  expect(judge('Web', [listener('*')], () => null, true).verdict).toBe('unverified')
})

test('one holder that is the service makes it active, one that surely is not makes it taken', () => {
  expect(judge('Web', [listener('*', 1, 2)], known({ 2: own }), false)).toMatchObject({
    verdict: 'active',
    evidence: { holder: { pid: 2 } },
  })
  expect(judge('Web', [listener('*', 1, 2)], known({ 1: foreign, 2: own }), false).verdict).toBe('active')
  expect(judge('Web', [listener('*', 1, 2)], known({ 2: foreign }), false)).toMatchObject({
    verdict: 'taken',
    evidence: { holder: { pid: 2 } },
  })
  expect(judge('Web', [listener('*', 1)], known({ 1: { service: null, by: 'command' } }), false).verdict).toBe('taken')
})

test('only listeners in the way of the allocation count', () => {
  const all = ['127.0.0.1', '127.0.0.2', '::1'].map((address) => listener(address, 1))
  const at = { protocol: 'tcp', port: port(3000), address: parseAddress('127.0.0.1') } as const
  expect(listenersAt(all, at).map(({ address }) => String(address))).toEqual(['127.0.0.1'])
  expect(listenersAt(all, { ...at, address: parseAddress('*') })).toHaveLength(3)
  expect(listenersAt(all, { ...at, protocol: 'udp' })).toEqual([])
})

test('a container or unit decides where no process is visible, and with no listener of this machine at all', () => {
  const container = (service: string | null): Identified => ({ service, by: 'container', name: 'web-1' })
  const judged = (present: Listener[], service: string | null, silent: boolean) =>
    judge('Web', present, () => null, false, [{ identified: container(service), silent }])
  expect(judged([], 'Web', false)).toEqual({
    verdict: 'active',
    evidence: { holder: null, identified: container('Web') },
  })
  expect(judged([listener('*', 1)], 'Web', true).verdict).toBe('silent')
  expect(judged([listener('*')], null, false).verdict).toBe('taken')
  expect(judge('Web', [], () => null, false, [{ identified: null, silent: false }]).verdict).toBe('unverified')
})

test('a process that is the service outranks a container in which nobody listens', () => {
  const silent = { identified: { service: 'Web', by: 'container' }, silent: true } as const
  expect(judge('Web', [listener('*', 1)], known({ 1: own }), false, [silent]).verdict).toBe('active')
})
