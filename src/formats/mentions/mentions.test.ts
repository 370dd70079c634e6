import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { replaceDigits } from '../../operations/drift/mend.ts'
import { port } from '../../core/port.ts'
import type { Mention } from '../../core/mention.ts'
import { kindOf } from './kinds.ts'
import { samples } from './mentions.samples.ts'

/** The text without its marks, and where the marked digits stand in it. */
function unmark(marked: string): { text: string; expected: [number, string][] } {
  const expected: [number, string][] = []
  let text = ''
  for (const part of marked.split(/(«\d+»)/)) {
    const digits = /^«(\d+)»$/.exec(part)?.[1]
    if (digits !== undefined) expected.push([text.length, digits])
    text += digits ?? part
  }
  return { text, expected }
}

async function read(path: string, text: string): Promise<Mention[]> {
  const reader = await kindOf(path)?.load()
  if (!reader) throw new Error(`no kind of file fits ${path}`)
  return reader(text)
}

const found = (mentions: readonly Mention[], text: string): [number, string][] =>
  mentions.map(({ start, end }): [number, string] => [start, text.slice(start, end)]).toSorted((a, b) => a[0] - b[0])

describe('every port of a file is found at its digits, and no other number', () => {
  for (const { title, path, text: marked } of samples) {
    test(title, async () => {
      const { text, expected } = unmark(marked)
      const mentions = await read(path, text)
      expect(found(mentions, text)).toEqual(expected)
      for (const { start, end, port: number } of mentions) expect(Number(text.slice(start, end))).toBe(number)
    })
  }
})

test('another number at a port changes its digits and nothing else, and is then what stands there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      fc.array(fc.integer({ min: 1024, max: 65535 }), { minLength: 30, maxLength: 30 }),
      async ({ path, text: marked }, numbers) => {
        const { text } = unmark(marked)
        const mentions = await read(path, text)
        const changes = mentions.map((mention, index) => ({
          mention: { ...mention, file: path, line: 1, column: 1, workspace: '' },
          shouldSay: port(numbers[index] ?? 1),
        }))
        const after = replaceDigits(text, changes)
        const between = (whole: string, parts: readonly Mention[]): string[] => {
          const sorted = parts.toSorted((a, b) => a.start - b.start)
          return [...sorted, null].map((part, index) => whole.slice(sorted[index - 1]?.end ?? 0, part?.start))
        }
        const again = await read(path, after)
        expect(between(after, again)).toEqual(between(text, mentions))
        const order = changes.toSorted((a, b) => a.mention.start - b.mention.start)
        expect(again.toSorted((a, b) => a.start - b.start).map((mention) => Number(mention.port))).toEqual(
          order.map(({ shouldSay }) => Number(shouldSay)),
        )
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

const broken: [string, string, number][] = [
  ['package.json', '{ "scripts": { "dev": } }', 22],
  ['compose.yml', 'services:\n  a: [\n', 17],
  ['vite.config.ts', 'export default { server: { port: 3000 }', 39],
  ['nginx.conf', 'server { listen 3000;', 7],
  ['Caddyfile', ':3000 {\n}\n}\n', 10],
]
for (const [path, text, offset] of broken) {
  test(`a broken ${path} is told with the place where that shows`, async () => {
    expect(await read(path, text).catch((error: unknown) => error)).toMatchObject({ offset })
  })
}

test('a name with no subject but the port is no name', async () => {
  const [first, second] = await read('.env', 'PORT=3000\nGRAFANA_PORT=3000\n')
  expect(first?.names).toEqual([{ by: 'variable', text: 'PORT' }])
  expect(second?.names).toEqual([{ by: 'variable', text: 'GRAFANA_PORT' }])
})

test('a byte order mark moves nothing', async () => {
  for (const { path, text: marked } of samples) {
    const { text, expected } = unmark(marked)
    const mentions = found(await read(path, `\ufeff${text}`), `\ufeff${text}`)
    // The first line of some kinds is not read as such then; nothing may be found elsewhere.
    const moved = expected.map(([at, digits]): [number, string] => [at + 1, digits])
    expect(moved).toEqual(expect.arrayContaining(mentions))
    expect(mentions.length).toBeGreaterThanOrEqual(expected.length - 1)
  }
})

const hostile: [string, string][] = [
  ['nginx.conf', '${'.repeat(200_000)],
  ['Makefile', `x:\n\t${'${'.repeat(200_000)}`],
  ['.env', 'A="\\"\n'.repeat(100_000)],
  ['.env', `A=${'a.'.repeat(300_000)}`],
  ['Caddyfile', '`"'.repeat(200_000)],
]
for (const [index, [path, text]] of hostile.entries()) {
  test(`a hostile ${path} does not hold the reader up (${index})`, async () => {
    await read(path, text).catch(() => [])
  }, 60_000)
}
