import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import type { BoundSocket } from './bound-socket.ts'
import { capturedNetlink } from './captured.fixture.ts'
import { DiagAnswer, diagRequest, readListener } from './netlink.ts'

function partsOf(hex: string): Uint8Array[] {
  return hex.split('\n\n').map((part) => Uint8Array.fromHex(part.replaceAll('\n', '')))
}

function read(protocol: 'tcp' | 'udp', parts: readonly Uint8Array[]): DiagAnswer<BoundSocket> {
  const answer = new DiagAnswer(readListener(protocol))
  for (const part of parts) answer.add(part)
  return answer
}

function message(type: number, value: number): Uint8Array {
  const bytes = new Uint8Array(20)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 20, true)
  view.setUint16(4, type, true)
  view.setInt32(16, value, true)
  return bytes
}

test('tells every kind of bound address apart in captured answers', () => {
  const captured = [
    ['tcp', capturedNetlink.tcp4, ['127.0.0.2:9302', '127.0.0.1:49302', '0.0.0.0:3001', '127.0.0.1:9302']],
    ['tcp', capturedNetlink.tcp6, ['fe80::1%1:3003', '::1:3002', ':::3001', '*:3000']],
    ['udp', capturedNetlink.udp4, ['127.0.0.1:5353']],
    ['udp', capturedNetlink.udp6, ['::1:5353', '*:6000']],
  ] as const
  for (const [protocol, hex, expected] of captured) {
    const answer = read(protocol, partsOf(hex))
    expect(answer.sockets.map(({ address, port }) => `${address}:${port}`)).toEqual([...expected])
    expect(answer.state).toBe('done')
    expect(answer.interrupted).toBe(false)
  }
})

test('reads inode, uid and family of a captured socket', () => {
  const [first] = read('tcp', partsOf(capturedNetlink.tcp4)).sockets
  expect(first).toMatchObject({ protocol: 'tcp', family: 4, inode: 123_029, uid: 0 })
})

test('is not done before the part that says so', () => {
  const parts = partsOf(capturedNetlink.tcp4)
  expect(read('tcp', parts.slice(0, -1)).state).toBe('open')
  expect(read('tcp', parts).state).toBe('done')
})

test('notices a dump that the kernel calls interrupted', () => {
  const parts = partsOf(capturedNetlink.tcp6)
  const first = parts[0] ?? new Uint8Array()
  first[6] = (first[6] ?? 0) | 0x10
  expect(read('tcp', parts)).toMatchObject({ interrupted: true, state: 'done' })
})

test('fails on an error message, on a dump that broke off and on bytes that are no message', () => {
  expect(read('tcp', [message(2, -2)]).state).toBe('failed')
  expect(read('tcp', [message(3, -12)]).state).toBe('failed')
  expect(read('tcp', [message(3, 0)]).state).toBe('done')
  expect(read('tcp', [new Uint8Array(16)]).state).toBe('failed')
})

test('comes to an end on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(500), fc.nat(255), (noise, at, byte) => {
      read('tcp', [noise])
      const parts = partsOf(capturedNetlink.tcp6)
      const first = parts[0] ?? new Uint8Array()
      first[at % first.length] = byte
      for (const { port } of read('tcp', parts).sockets) expect(port).toBeWithin(1, 65_536)
    }),
  )
})

test('asks for listening TCP sockets and UDP sockets without a peer only', () => {
  expect(diagRequest('tcp', 4).toHex()).toStartWith('4800000014000103')
  expect(diagRequest('tcp', 6).toHex().slice(32, 48)).toBe('0a06000000040000')
  expect(diagRequest('udp', 4).toHex().slice(32, 48)).toBe('0211000080000000')
})
