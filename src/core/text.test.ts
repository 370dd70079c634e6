import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { list, nearest, printable, shorten } from './text.ts'

test('nothing that could steer a terminal comes through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
  expect(printable('\u001b[31mred\u001b[0m')).toBe('\\x1b[31mred\\x1b[0m')
  expect(printable('a\u009b2Jb')).toBe('a\\x9b2Jb')
  expect(printable('exe\u202etxt')).toBe('exe\\u202etxt')
})

test('what is printable stays as it is', () => {
  for (const text of ['Grafana', 'Über-Dienst', '日本語', '✅ Active', 'a b']) expect(printable(text)).toBe(text)
})

test('the nearest word is suggested, and none where nothing is near', () => {
  expect(nearest('satus', ['status', 'start', 'stop'])).toBe('status')
  expect(nearest('KILL', ['kill', 'list'])).toBe('kill')
  expect(nearest('frobnicate', ['status', 'start'])).toBeNull()
  expect(nearest('x'.repeat(10_000), ['status'])).toBeNull()
  expect([nearest('web', ['B']), nearest('E', ['A']), nearest('a', ['A', 'B'])]).toEqual([null, null, 'A'])
})

test('text is shortened without tearing a character', () => {
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(shorten('🚀🚀🚀', 2)).toBe('🚀…')
  expect(shorten('🚀🚀🚀', 3)).toBe('🚀🚀🚀')
})

test('words are listed as people list them', () => {
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c'])
})
