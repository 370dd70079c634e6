import { expect, test } from 'bun:test'
import * as z from '../src/formats/zod.ts'
import { parametersOf, readArguments } from '../src/cli/arguments.ts'
import type { Operation } from '../src/operations/operation.ts'
import { problemOf } from '../src/store/contract/changes.ts'

const fields = {
  names: z.array(z.string()).check(z.minLength(1), z.describe('several')),
  range: z.optional(z.string()).check(z.describe('a text')),
  ports: z.optional(z.array(z.string())).check(z.describe('said several times')),
  waitTime: z.withDefault(z.string(), '5s').check(z.describe('with a preset')),
  size: z.optional(z.pipe(z.string(), z.transform(Number))),
  explain: z.withDefault(z.boolean(), false).check(z.describe('a flag')),
}
const operation = (name: string, input: z.ZodMiniObject, positional: string[]): Operation => ({
  name,
  summary: '',
  effect: 'read',
  positional,
  examples: [],
  input,
  output: z.object({}),
  run: async () => ({}),
})
const many = operation('claim', z.object(fields), ['names'])
const two = operation('start', z.object({ name: z.string(), port: z.optional(z.string()) }), ['name', 'port'])
const logs = operation('logs', z.object({ name: z.string() }), ['name'])
const read = (...words: string[]) => readArguments(many, words)

test('what an input takes is read through what wraps it', () => {
  expect(parametersOf(many)).toEqual([
    { key: 'names', description: 'several', kind: 'values', required: true, preset: undefined },
    { key: 'range', description: 'a text', kind: 'value', required: false, preset: undefined },
    { key: 'ports', description: 'said several times', kind: 'values', required: false, preset: undefined },
    { key: 'waitTime', description: 'with a preset', kind: 'value', required: false, preset: '5s' },
    { key: 'size', description: '', kind: 'value', required: false, preset: undefined },
    { key: 'explain', description: 'a flag', kind: 'flag', required: false, preset: false },
  ])
})

test('options stand anywhere, with their value behind them or behind an equals sign', () => {
  const expected = { names: ['a', 'b'], range: 'R', waitTime: '9s', explain: true }
  for (const words of [
    ['a', 'b', '--range', 'R', '--wait-time', '9s', '--explain'],
    ['--range=R', 'a', '--explain', 'b', '--wait-time=9s'],
  ])
    expect(read(...words).input).toEqual(expected)
  expect(read('a').input).toEqual({ names: ['a'], waitTime: '5s', explain: false })
  expect(read('a', '--size', '12').input['size']).toBe(12)
})

test('a value is whatever the next word is, and may hold equals signs', () => {
  expect(read('a', '--range', '--explain').input).toMatchObject({ range: '--explain', explain: false })
  expect(read('a', '--range=b=c').input['range']).toBe('b=c')
  expect(read('a', '--range=').input['range']).toBe('')
})

test('the last of several values counts, and all of them where several are taken', () => {
  expect(read('a', '--range', 'x', '--range', 'y').input['range']).toBe('y')
  expect(read('a', '--ports', '1', '--ports=2').input['ports']).toEqual(['1', '2'])
})

test('what begins with a digit or is nothing but a dash stands by its place, and everything behind two dashes does', () => {
  expect(read('-', '-1', '--', '--explain', '--', '-x').input).toMatchObject({
    names: ['-', '-1', '--explain', '--', '-x'],
    explain: false,
  })
})

test('what every command takes is kept apart from its input', () => {
  expect(read('a', '--json', '--store', 'sqlite:///x')).toMatchObject({
    json: true,
    store: 'sqlite:///x',
    follow: false,
  })
  for (const flag of ['-f', '--follow']) expect(readArguments(logs, ['a', flag]).follow).toBe(true)
})

test('what is wrong is named, with the option that was meant', async () => {
  for (const [asked, words, argument, why] of [
    [many, [], 'names', 'missing required argument'],
    [many, ['a', '--exlpain'], '--exlpain', 'unknown option, did you mean --explain?'],
    [many, ['a', '--constructor'], '--constructor', 'unknown option'],
    [many, ['a', '-x'], '-x', 'unknown option'],
    [many, ['a', '--follow'], '--follow', 'unknown option'],
    [many, ['a', '--range'], '--range', 'its value is missing'],
    [many, ['a', '--explain=yes'], '--explain', 'it takes no value'],
    [two, ['a', '1', 'x'], 'the arguments', 'too many, 2 expected and 3 given'],
  ] as const) {
    const problem = await problemOf(Promise.resolve().then(() => readArguments(asked, words)))
    expect(problem.report()).toMatchObject({ code: 'argument-invalid', facts: { argument, why, command: asked.name } })
  }
})
