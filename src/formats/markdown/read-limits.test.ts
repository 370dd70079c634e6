import { expect, test } from 'bun:test'
import { readPortDocument } from './read.ts'

test('shortens the text of an unused line', () => {
  const [unused] = readPortDocument(
    `| Name | Port |\n|---|---|\n| ${'x'.repeat(500)} | 3000 |\n| ok | 3001 |`,
    'ports.md',
  ).unused
  expect(unused?.text).toHaveLength(120)
})

test('reads a table of five megabytes', () => {
  const rows = Array.from(
    { length: 65_535 },
    (_, index) => `| Service **${index}** | ${index + 1} | ✅ Active | what \`${index}\` is for, in some words |`,
  )
  const document = readPortDocument(
    ['| Service | Port | Status | Description |', '|-|-|-|-|', ...rows].join('\n'),
    'ports.md',
  )
  expect(document.services).toHaveLength(65_535)
})

test.each([
  '*',
  '`',
  '[',
  '](',
  '<',
  '&#',
  String.raw`\ `,
  '_a',
  '(1-',
  '80 tcp ',
  '<!--',
  '| ',
  'x: ',
  '“',
  '[^',
  '"](a "',
  '`` ```',
  '  - a\n',
  '> ',
])('takes time in proportion to the length of %p repeated', (part) => {
  const much = part.repeat(Math.floor(100_000 / part.length))
  const text = `| Name | Port |\n|-|-|\n| a | 1 |\n| ${much} | ${much} |\n\n## ${much}\n- ${much}\n- **b**: moved to port 1 ${much}\n${much}`
  expect(readPortDocument(text, 'ports.md').services[0]?.name).toBe('a')
})
