import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { dotenvs, templates } from '../../../test/fixtures/compose/seen.ts'
import { isProblem } from '../../core/problem.ts'
import { readVariables } from './dotenv.ts'
import { TemplateError, fillIn } from './template.ts'

const outside = new Map([
  ['A', 'va'],
  ['EMPTY', ''],
  ['N', 'A'],
])

test.each(templates.map((one) => [JSON.stringify(one[0]), one] as const))('fills in %s', (_, [template, expected]) => {
  const fill = (): string => fillIn(template, (name) => outside.get(name))
  if (expected === null) expect(fill).toThrow(TemplateError)
  else expect(fill()).toBe(expected)
})

test.each(dotenvs.map((one) => [JSON.stringify(one[0]), one] as const))('reads .env %s', (_, [text, expected]) => {
  const read = (): string => {
    const variables = readVariables(text, '.env', outside)
    return ['K1', 'K2', 'K3'].map((name) => variables.get(name) ?? 'unset').join('|')
  }
  if (expected === null) expect(read).toThrow()
  else expect(read()).toBe(expected)
})

test('tells which variables have no value and no default', () => {
  const unset: string[] = []
  fillIn(
    '$ONE ${TWO} ${THREE:-x} ${FOUR-${FIVE}}',
    () => undefined,
    (name) => unset.push(name),
  )
  expect(unset).toEqual(['ONE', 'TWO', 'FIVE'])
})

test('says what a required variable is for', () => {
  expect(() => fillIn('${PORT:?set it in ${WHERE:-.env}}', () => undefined)).toThrow(
    'the variable PORT is required: set it in .env',
  )
})

test('names line and column of what is wrong in .env', () => {
  expect(() => readVariables('A=1\n\n  B="open\n', 'my/.env', new Map())).toThrow('3:5: the " is not closed')
})

test('either fills any text in or refuses it as a template, and never anything else', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'${}:-?+aA1 \n'.split('')) }), (text) => {
      try {
        expect(typeof fillIn(text, (name) => (name === 'A' ? 'v' : undefined))).toBe('string')
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }),
  )
})

test('either reads any .env or refuses it with a problem', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'${}:=-?"\'\\#aA1 \n\r\t['.split('')) }), (text) => {
      try {
        readVariables(text, '.env', new Map())
      } catch (error) {
        expect(isProblem(error)).toBe(true)
      }
    }),
  )
})
