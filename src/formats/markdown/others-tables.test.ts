import { expect, test } from 'bun:test'
import type { PortDocument } from '../../core/document.ts'
import { isProblem } from '../../core/problem.ts'
import { samples } from './others-tables.samples.ts'
import { readPortDocument } from './read.ts'

/** A document as lines: `R` ranges, `S` services, `M` moves, `U` what was not used. */
function lines({ ranges, services, moves, unused }: PortDocument): string[] {
  return [
    ...ranges.map((one) => `R${one.line} ${one.name} ${one.from}-${one.to}: ${one.purpose}`),
    ...services.map((one) => {
      const ports = one.ports.map(
        (entry) =>
          `${entry.address === '*' ? '' : `${entry.address}:`}${entry.port}${entry.protocol === 'udp' ? 'u' : ''}`,
      )
      return `S${one.line} ${one.name} ${ports.join('/')}: ${one.description}${one.range === null ? '' : ` <${one.range}>`}`
    }),
    ...moves.map((one) => `M${one.line} ${one.service} ${one.from}>${one.to}: ${one.why}`),
    ...unused.map((one) => `U${one.line} ${one.why}`),
  ].map((line) => line.replace(/: (?=$| <)/, ''))
}

function read(text: string): string[] {
  try {
    return lines(readPortDocument(text, 'ports.md'))
  } catch (problem) {
    if (isProblem(problem, 'document-unusable')) return [problem.facts.why]
    throw problem
  }
}

test.each(samples)('reads %s', (_what, text, expected) => {
  expect(read(text)).toEqual(expected)
})

test.each([
  ['✅ Active', 'active'],
  ['Running', 'active'],
  ['✅', 'reserved'],
  ['Inactive', 'reserved'],
  ['not active', 'reserved'],
  ['Reserved → Active', 'reserved'],
  ['', 'reserved'],
] as const)('takes the status %p for %p', (status, declared) => {
  const document = readPortDocument(`| Name | Port | Status |\n|---|---|---|\n| a | 1 | ${status} |`, 'ports.md')
  expect(document.services[0]?.declared).toBe(declared)
})

test.each([
  [
    'a table without names',
    '| Port | Status |\n|---|---|\n| 3000 | Active |',
    ['no line could be used, line 3 for one because no column of the table names the service'],
  ],
  [
    'a table without its line of dashes',
    '| Service | Port |\n| a | 3000 |',
    [
      'no line could be used, line 2 for one because it stands in no table: a header with a line of dashes below it is missing',
    ],
  ],
  ['prose', 'We use port 3000 for the shop.', ['no table and no list in it speaks of ports']],
])('says why nothing can be used of %s', (_what, text, expected) => {
  expect(read(text)).toEqual(expected)
})
