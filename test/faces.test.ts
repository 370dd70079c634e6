import { expect, test } from 'bun:test'
import { Person, seed } from './ports.fixture.ts'
import { kebab, parametersOf } from '../src/cli/arguments.ts'
import { show } from '../src/cli/show/index.ts'
import { operations } from '../src/operations/index.ts'

const loaded = await Promise.all(Object.values(operations).map((load) => load()))

test('the table names every operation by the name that it has itself', () => {
  expect(loaded.map(({ name }) => name)).toEqual(Object.keys(operations))
})

test('every operation says what it risks, shows examples of itself, and places only inputs that it has', () => {
  for (const operation of loaded) {
    expect(['read', 'write', 'destructive']).toContain(operation.effect)
    expect(operation.summary).toMatch(/^[A-Z].*\.$/)
    expect(operation.examples.length).toBeGreaterThan(0)
    for (const example of operation.examples) expect(example).toMatch(new RegExp(`ports( ${operation.name}|$)`))
    const keys = parametersOf(operation).map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining([...operation.positional]))
    for (const { description } of parametersOf(operation)) expect(description).not.toBe('')
  }
})

test('every operation has words for its answer', () => {
  const screen = { terminal: false, colour: false, columns: Infinity }
  for (const { name } of loaded) {
    // Any error but this one comes from the empty answer, and shows that there is a renderer.
    try {
      show(name, {}, screen)
    } catch (error) {
      expect(String(error)).not.toContain('no words for the answer')
    }
  }
})

test('the short way to the board and the long one give the same answer', async () => {
  const person = new Person()
  await person.ports('import', seed)
  const short = await person.json<{ at: string; strays: unknown }>('status')
  const long = JSON.parse(
    (await person.ports('--json', 'status', '--store', `sqlite://${person.home}/.local/share/iza-ports/registry.db`))
      .out,
  ) as typeof short
  // Strays come and go with whatever else runs on this machine.
  const passing = { at: '', strays: [], hidden: 0, totals: null }
  expect({ ...long, ...passing }).toEqual({ ...short, ...passing } as never)
})

test('the short way to the story of a port and the long one give the same answer', async () => {
  const person = new Person()
  await person.ports('import', seed)
  for (const [words, code] of [
    [['3000'], 0],
    [['70000'], 2],
    [['0'], 2],
  ] as const) {
    for (const json of [[], ['--json']]) {
      const short = await person.ports('who', ...words, ...json)
      const long = await person.ports(
        ...json,
        '--store',
        `sqlite://${person.home}/.local/share/iza-ports/registry.db`,
        'who',
        ...words,
      )
      expect([short.out, short.err, short.code]).toEqual([long.out, long.err, code])
    }
  }
})

test('every answer as data is what its schema says', async () => {
  const person = new Person()
  await person.ports('import', seed)
  const lines = [
    ['status'],
    ['who', '3000'],
    ['list'],
    ['ranges'],
    ['reserve', 'A', '3333'],
    ['move', 'A', '3334', '--why', 'test'],
    ['release', 'A'],
    ['range add', 'R', '100', '200'],
    ['range edit', 'R', '--to', '201'],
    ['range remove', 'R'],
    ['kill', '3333'],
    ['history', '3000'],
    ['check'],
    ['import', seed],
    ['export'],
  ]
  for (const [name = '', ...words] of lines) {
    const operation = loaded.find((one) => one.name === name)
    const answer = await person.json(...name.split(' '), ...words)
    expect([name, operation?.output.safeParse(answer).error?.issues]).toEqual([name, undefined])
  }
})

test('every flag is documented under its own name', async () => {
  const reference = await Bun.file('docs/reference/commands.md').text()
  for (const operation of loaded) {
    const section = reference.split(`## ports ${operation.name}\n`)[1]?.split('\n## ')[0] ?? ''
    for (const { key } of parametersOf(operation)) {
      const word = operation.positional.includes(key) ? key.toUpperCase() : `--${kebab(key)}`
      expect([operation.name, word, section.includes(word)]).toEqual([operation.name, word, true])
    }
  }
})
