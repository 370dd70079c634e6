import { expect, test } from 'bun:test'
import { isProblem } from '../core/problem.ts'
import { decodeDocument } from './decode.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), littleEndian)
  return new Uint8Array(view.buffer)
}

function refusal(bytes: Uint8Array): string {
  try {
    decodeDocument(bytes, 'ports.md')
  } catch (problem) {
    if (isProblem(problem, 'document-unusable')) return problem.facts.why
    throw problem
  }
  return 'it was accepted'
}

test.each([
  ['UTF-8', utf8('| é | 🚀 |')],
  ['UTF-8 with a byte order mark', utf8('\ufeff| é | 🚀 |')],
  ['UTF-16, little endian', utf16('\ufeff| é | 🚀 |', true)],
  ['UTF-16, big endian', utf16('\ufeff| é | 🚀 |', false)],
])('decodes %s', (_encoding, bytes) => {
  expect(decodeDocument(bytes, 'ports.md')).toBe('| é | 🚀 |')
})

test.each([
  ['an empty file', new Uint8Array(), 'it is empty'],
  ['a file of blanks', utf8(' \r\n\t\n'), 'it is empty'],
  ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), 'it is not text'],
  ['bytes that are not UTF-8', Uint8Array.of(0x63, 0xe9, 0x20), 'it is not text'],
  ['half a UTF-16 character', Uint8Array.of(0xff, 0xfe, 0x41), 'it is not text'],
  ['a file of 50 MB', new Uint8Array(50 * 1024 * 1024).fill(0x61), 'it has 50.0 MB, 20 MB are the most'],
])('refuses %s', (_name, bytes, why) => {
  expect(refusal(bytes)).toBe(why)
})
