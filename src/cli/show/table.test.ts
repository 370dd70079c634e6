import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { table } from './table.ts'

const screen = (columns: number) => ({ terminal: true, colour: false, columns })
const rows = [
  ['3000', 'IZA OS Main Dashboard', 'reserved', 'Main dashboard interface'],
  ['11434', 'Ollama', 'active', 'Local LLM server'],
].map((row) => row.map((text) => ({ text })))

test('columns stand under each other, as wide as their widest cell', () => {
  expect(table(screen(Infinity), rows)).toEqual([
    '  3000   IZA OS Main Dashboard  reserved  Main dashboard interface',
    '  11434  Ollama                 active    Local LLM server',
  ])
})

test('on a narrow terminal the last columns are cut, then left out, then the widest of the kept ones is cut', () => {
  expect(table(screen(50), rows, { kept: 3 })[0]).toBe('  3000   IZA OS Main Dashboard  reserved  Main da…')
  expect(table(screen(42), rows, { kept: 3 })[0]).toBe('  3000   IZA OS Main Dashboard  reserved')
  expect(table(screen(30), rows, { kept: 3 })[0]).toBe('  3000   IZA OS Mai…  reserved')
})

test('no line is wider than the terminal, wide characters and escapes included', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 20, max: 80 }),
      (cells, columns) => {
        const lines = table(
          screen(columns),
          cells.map((row) => row.map((one) => ({ text: one }))),
        )
        for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns)
      },
    ),
  )
})
