import { expect, test } from 'bun:test'
import { parseAddress } from './address.ts'
import type { Listener } from './listener.ts'
import { port } from './port.ts'
import {
  acceptingFor,
  exposureOf,
  keysOfHolders,
  localhostOf,
  shadowsAmong,
  sharingGroups,
  splitLocalhosts,
} from './reach.ts'

let inode = 1
const listener = (address: string, pid: number | null, protocol: 'tcp' | 'udp' = 'tcp'): Listener => ({
  protocol,
  family: address === '*' || address.includes(':') ? 6 : 4,
  address: parseAddress(address),
  port: port(3000),
  inode: inode++,
  uid: 0,
  user: 'root',
  holders:
    pid === null
      ? []
      : [{ boot: '', pid, start: 1, session: pid, name: 'x', command: 'x', cwd: null, user: null, startedAt: null }],
})
const localhost = (...rows: [string, number | null][]): string =>
  localhostOf(
    rows.map(([address, pid]) => listener(address, pid)),
    keysOfHolders,
  ).outcome

test('localhost is one server when one socket or one process answers for both families', () => {
  expect(localhost(['*', 1])).toBe('same')
  expect(localhost(['0.0.0.0', 1], ['::', 1])).toBe('same')
  expect(localhost(['127.0.0.1', 1], ['::1', 1])).toBe('same')
})

test('localhost is split when another process answers for the other family', () => {
  expect(localhost(['0.0.0.0', 1], ['::1', 2])).toBe('split')
  expect(localhost(['127.0.0.1', 1], ['::', 2])).toBe('split')
  expect(localhost(['*', 1], ['::1', 2])).toBe('split')
  expect(
    splitLocalhosts([listener('127.0.0.1', 1), listener('::1', 2), listener('0.0.0.0', 1, 'udp')], keysOfHolders),
  ).toHaveLength(1)
})

test('nothing is said of servers that cannot be seen, nor of addresses where nobody answers', () => {
  expect(localhost(['0.0.0.0', 1], ['::1', null])).toBe('unknown')
  expect(localhost(['0.0.0.0', 1])).toBe('one-family')
  expect(localhost(['::1', 1])).toBe('one-family')
  expect(localhost(['127.0.0.2', 1], ['192.0.2.1', 2])).toBe('nobody')
})

test('the most exactly bound socket gets what arrives', () => {
  const [all, any4, one] = [listener('*', 1), listener('0.0.0.0', 2), listener('127.0.0.1', 3)]
  const loopback = parseAddress('127.0.0.1')
  expect(acceptingFor([all, any4, one], loopback)).toEqual([one])
  expect(acceptingFor([all, any4], loopback)).toEqual([any4])
  expect(acceptingFor([all], loopback)).toEqual([all])
  expect(acceptingFor([listener('::', 1)], loopback)).toEqual([])
})

test('a listener is shadowed where another server is bound more exactly', () => {
  const shadows = (...rows: [string, number][]): string[] =>
    shadowsAmong(rows.map(([address, pid]) => listener(address, pid, 'udp'))).map(
      ({ hidden, by, at }) => `${by.holders[0]?.pid} before ${hidden.holders[0]?.pid} at ${at}`,
    )
  expect(shadows(['0.0.0.0', 1], ['127.0.0.1', 2])).toEqual(['2 before 1 at 127.0.0.1'])
  expect(shadows(['*', 1], ['0.0.0.0', 2])).toEqual(['2 before 1 at 0.0.0.0'])
  expect(shadows(['*', 1], ['::1', 2])).toEqual(['2 before 1 at ::1'])
  expect(shadows(['0.0.0.0', 1], ['127.0.0.1', 1])).toEqual([])
  expect(shadows(['0.0.0.0', 1], ['::1', 2])).toEqual([])
  expect(shadows(['127.0.0.1', 1], ['127.0.0.2', 2])).toEqual([])
})

test('exposure is how far an address reaches', () => {
  const exposures = ['*', '::', '0.0.0.0', '127.0.0.9', '::1', '192.0.2.1', 'fe80::1%lo'].map((text) =>
    exposureOf(parseAddress(text)),
  )
  expect(exposures.join(' ')).toBe('everywhere everywhere everywhere loopback loopback network network')
})

test('sockets at the very same endpoint are a group that shares', () => {
  const [a, b] = [listener('0.0.0.0', 1), listener('0.0.0.0', 2)]
  expect(sharingGroups([a, b, listener('::1', 1)])).toEqual([[a, b]])
})
