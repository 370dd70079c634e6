import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { envLines, portsIn, replaceBlock, variableOf } from './env-block.ts'

test('names of variables are what a shell takes', () => {
  const names: [string, string][] = [
    ['web', 'WEB_PORT'],
    ['my-api', 'MY_API_PORT'],
    ['PORT', 'PORT'],
    ['db port', 'DB_PORT'],
    ['2nd', '_2ND_PORT'],
    ['äö', '__PORT'],
  ]
  for (const [name, variable] of names) expect([name, variableOf(name)]).toEqual([name, variable])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(variableOf(name)).toMatch(/^[A-Z_][A-Z0-9_]*$/)
    }),
  )
})

test('the block is added once and then replaced, and everything else stays byte for byte', () => {
  const text = fc
    .array(fc.constantFrom('A=1\n', '# a comment\r\n', '\n', 'B="x y"\n', 'no end'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, fc.nat(60_000), (before, port) => {
      const once = replaceBlock(before, envLines([{ name: 'web', port: 1 }]))
      const twice = replaceBlock(`${once}AFTER=2\n`, envLines([{ name: 'web', port }]))
      expect(once.startsWith(before)).toBe(true)
      expect(twice.startsWith(before)).toBe(true)
      expect(twice.endsWith('AFTER=2\n')).toBe(true)
      expect(twice.match(/WEB_PORT=/g)).toHaveLength(1)
      expect(twice).toContain(`WEB_PORT=${port}\n`)
      expect(replaceBlock(twice, envLines([{ name: 'web', port }]))).toBe(twice)
    }),
  )
})

test('ports of other people in the file are found with their lines, ours are not', () => {
  const text = replaceBlock('PORT=3000\nexport API_PORT="3001" # old\nNAME=5\nX_PORT=abc\n', 'WEB_PORT=20001\n')
  expect(portsIn(`${text}DB_PORT='5432'\n`, 'without our block')).toEqual([
    { variable: 'PORT', port: 3000, line: 1 },
    { variable: 'API_PORT', port: 3001, line: 2 },
    { variable: 'DB_PORT', port: 5432, line: 8 },
  ])
})
