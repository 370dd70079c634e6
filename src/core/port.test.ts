import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { parsePort, parsePorts } from './port.ts'
import { Problem } from './problem.ts'

test('every port from 1 to 65535 is read from its digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65535 }), (number) => {
      expect(Number(parsePort(String(number)))).toBe(number)
    }),
  )
})

for (const text of [
  '0',
  '65536',
  '-1',
  '3e3',
  ' 3000 ',
  '３０００',
  '99999999999',
  '',
  '03000',
  '0x50',
  '3000.0',
  '+80',
  '3000\n',
  'NaN',
  '3,000',
]) {
  test(`${JSON.stringify(text)} is no port, and the message says what one is`, () => {
    try {
      parsePort(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Problem)
      expect(error).toMatchObject({
        code: 'port-invalid',
        kind: 'invalid',
        hint: expect.stringContaining('1 to 65535'),
      })
    }
  })
}

test('a block is all of its ports, both ends included', () => {
  expect(parsePorts('3005-3007').map(Number)).toEqual([3005, 3006, 3007])
  expect(parsePorts('80').map(Number)).toEqual([80])
})

test('a block that runs backwards is refused with the right way round', () => {
  expect(() => parsePorts('3010-3000')).toThrow(
    expect.objectContaining({ code: 'block-backwards', hint: expect.stringContaining('3000-3010') }),
  )
})

test('what is no block is named as it was typed', () => {
  for (const text of ['-1', '3000-', '-', '1-2-3', ''])
    expect(() => parsePorts(text)).toThrow(
      expect.objectContaining({ code: 'port-invalid', message: `'${text}' is not a port` }),
    )
})
