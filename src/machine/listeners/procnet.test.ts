import { expect, test } from 'bun:test'
import { capturedProcNet } from './captured.fixture.ts'
import { parseProcNet } from './procnet.ts'

const { tcp, tcp6, udp, udp6 } = capturedProcNet
const endpoints = (sockets: ReturnType<typeof parseProcNet>): string[] =>
  sockets.map(({ address, port }) => `${address}:${port}`)

test('tells every kind of bound address apart in captured text', () => {
  expect(endpoints(parseProcNet('tcp', tcp, tcp6))).toEqual([
    '127.0.0.2:9302',
    '127.0.0.1:49302',
    '0.0.0.0:3001',
    '127.0.0.1:9302',
    'fe80::1:3003',
    '::1:3002',
    ':::3001',
    '*:3000',
  ])
})

test('takes an IPv6 socket for IPv6 only where an IPv4 listener shares its port, and for dual where none does', () => {
  expect(endpoints(parseProcNet('tcp', tcp, tcp6))).toContain(':::3001')
  expect(endpoints(parseProcNet('tcp', '', tcp6))).toContain('*:3001')
})

test('leaves out connections and connected UDP sockets', () => {
  expect(parseProcNet('tcp', tcp, '')).toHaveLength(4)
  expect(endpoints(parseProcNet('udp', udp, udp6))).toEqual(['127.0.0.1:5353', '::1:5353', '*:6000'])
})

test('reads inode and uid', () => {
  expect(parseProcNet('tcp', tcp, '')[0]).toMatchObject({ protocol: 'tcp', family: 4, inode: 123_029, uid: 0 })
})

test('finds nothing in an empty, cut or foreign text', () => {
  expect(parseProcNet('tcp', '', '')).toEqual([])
  expect(parseProcNet('tcp', tcp.slice(0, 190), 'lorem ipsum\n\0\0\n')).toEqual([])
})
