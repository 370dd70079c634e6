import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { repairMojibake } from './mojibake.ts'

const encoder = new TextEncoder()
const macRoman = new TextDecoder('macintosh')
const windows = new TextDecoder('windows-1252')
const emoji = [
  '✅',
  '🚀',
  '📋',
  '🎯',
  '🤖',
  '🗄️',
  '🔧',
  '🌐',
  '🔗',
  '📊',
  '⚡',
  '⚠️',
  '👩‍💻',
  '❤️',
  '→',
  '—',
  '…',
  '“x”',
  '㊗️',
  '🇫🇷',
]

test.each([
  ['‚úÖ Active', '✅ Active'],
  ['\uf8ffüöÄ IZA OS', '🚀 IZA OS'],
  ['‚ö†Ô∏è **Conflicts**', '⚠️ **Conflicts**'],
  ['âœ… Active', '✅ Active'],
  ['ðŸš€ Start', '🚀 Start'],
  ['CafÃ© and Caf√©', 'Café and Café'],
  ['â€œquotedâ€\u009d', '“quoted”'],
  ['–ü—Ä–∏–≤–µ—Ç', 'Привет'],
  ['🚀‚úÖ', '🚀✅'],
  ['ï»¿| Service |', '| Service |'],
])('repairs %p', (broken, whole) => {
  expect(repairMojibake(broken)).toBe(whole)
})

test.each([
  ['“Übersicht” – Größe über Österreich…'],
  ['«École» née à l’été'],
  ['voilà\u00a0» né…»'],
  ['日本語のサービス'],
  ['Привет, мир'],
  ['5 € – 10 €, ±2 °C, © ® ™'],
  ['✅ Active 🚀 ⚠️ 👩‍💻'],
  ['São João, Ángel, Ñandú, ÅÄÖ'],
  [''],
])('leaves %p as it is', (text) => {
  expect(repairMojibake(text)).toBe(text)
})

test('restores whatever emoji were read as Mac Roman or Windows-1252', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...emoji, 'plain', ' ', '|'), { minLength: 1 }), (parts) => {
      const text = parts.join('')
      for (const wrong of [macRoman, windows]) expect(repairMojibake(wrong.decode(encoder.encode(text)))).toBe(text)
    }),
  )
})

test('never changes ASCII', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => expect(repairMojibake(text)).toBe(text)))
})
