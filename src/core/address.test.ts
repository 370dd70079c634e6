import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { addressFromBytes, overlaps, parseAddress } from './address.ts'
import { Problem } from './problem.ts'

/** Measured on Linux 6.18, both sockets with SO_REUSEADDR and listening: rows first, columns second; `no` means that the second fails. */
const columns = ['0.0.0.0', '127.0.0.1', '127.0.0.2', '*', '::', '::1']
const matrix: Record<string, string> = {
  '0.0.0.0': 'no  no  no  no yes yes',
  '127.0.0.1': 'no  no  yes no yes yes',
  '*': 'no  no  no  no no  no',
  '::': 'yes yes yes no no  no',
  '::1': 'yes yes yes no no  no',
}

for (const [first, row] of Object.entries(matrix)) {
  test(`${first} lives beside what the bind matrix lets it live beside`, () => {
    const cells = row.split(/\s+/)
    for (const [index, second] of columns.entries()) {
      expect([second, overlaps(parseAddress(first), parseAddress(second))]).toEqual([second, cells[index] === 'no'])
    }
  })
}

test('overlap is the same from both sides, and every address overlaps itself', () => {
  const address = fc
    .constantFrom('*', '0.0.0.0', '::', '127.0.0.1', '127.0.0.2', '::1', 'fe80::1', '10.0.0.1')
    .map(parseAddress)
  fc.assert(
    fc.property(address, address, (a, b) => {
      expect(overlaps(a, b)).toBe(overlaps(b, a))
      expect(overlaps(a, a)).toBe(true)
    }),
  )
})

test('every spelling of an address comes out as one', () => {
  const spellings: [string, string][] = [
    ['localhost', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:0a01:0203', '10.1.2.3'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['1::', '1::'],
  ]
  for (const [given, canonical] of spellings) expect([given, String(parseAddress(given))]).toEqual([given, canonical])
})

test('an IPv6 address is the same whether it came as text or as bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const fromBytes = addressFromBytes(bytes)
      expect(parseAddress(fromBytes)).toBe(fromBytes)
    }),
  )
})

test('anything else is refused', () => {
  for (const text of [
    '',
    ' ',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '12345::',
    'host',
    '::1%',
    '::1%a b',
    '1.2.3.4%eth0',
    '[::1',
    '1:2:3:4:5:6:7',
  ]) {
    expect(() => parseAddress(text), text).toThrow(Problem)
  }
})
