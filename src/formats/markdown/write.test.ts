import { expect, test } from 'bun:test'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import * as fc from 'fast-check'
import { anyAddress, parseAddress } from '../../core/address.ts'
import { port } from '../../core/port.ts'
import { emptyRegistry } from '../../core/registry.ts'
import type { Registry } from '../../core/registry.ts'
import { readBlocks } from './blocks.ts'
import { plainText } from './inline.ts'
import { readPortDocument } from './read.ts'
import { writePortDocument } from './write.ts'

const service = (name: string, more: object = {}): Registry['services'][number] => {
  return { host: 'h', name, description: '', range: null, resolved: false, declared: 'reserved', ...more }
}
const allocation = (name: string, number: number, more: object = {}): Registry['allocations'][number] => {
  const place = { host: 'h', protocol: 'tcp', address: anyAddress, port: port(number) } as const
  return {
    id: `${name} ${number}`,
    fence: 1,
    kind: 'reservation',
    owner: null,
    since: '2026-11-01T00:00:00Z',
    expires: null,
    service: name,
    ...place,
    ...more,
  }
}
const web = { name: 'Web', from: port(3000), to: port(3099), purpose: 'Web servers', examples: 'Nginx' }

/** What a renderer shows of the first table: the text of each cell. */
function rendered(markdown: string): string[][] {
  const tree = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  const table = tree.children.find((node) => node.type === 'table')
  return table?.type === 'table' ? table.children.map((row) => row.children.map(textOf)) : []
}

function textOf(node: object): string {
  if ('value' in node && typeof node.value === 'string') return node.value
  if ('alt' in node && typeof node.alt === 'string') return node.alt
  return 'children' in node && Array.isArray(node.children) ? node.children.map(textOf).join('') : ''
}

test("writes the registry in the form of the user's document", () => {
  const registry: Registry = {
    revision: 1,
    ranges: [web],
    services: [
      service('Grafana', { range: 'Web', resolved: true, description: 'Dashboards' }),
      service('DNS', { declared: 'active', description: 'a|b' }),
      service('Elsewhere', { host: 'other' }),
    ],
    allocations: [
      allocation('Grafana', 3006),
      allocation('DNS', 53),
      allocation('DNS', 53, { protocol: 'udp' }),
      allocation('Elsewhere', 3007, { host: 'other' }),
    ],
    resolutions: [
      { host: 'h', service: 'Grafana', from: port(3000), to: port(3006), why: 'to avoid conflict', when: null },
      {
        host: 'h',
        service: 'AnythingLLM',
        from: null,
        to: port(3001),
        why: 'dedicated port',
        when: '2026-11-01T10:00:00Z',
      },
      { host: 'other', service: 'Elsewhere', from: null, to: port(3007), why: '', when: null },
    ],
    rulings: [],
  }
  const text = writePortDocument(registry, 'h')
  const parts = text.split(/^## Usage[^]*?(?=^## Conflict)/m)
  expect(parts[0]).toBe(`# Port Management

## Port Allocation Overview

### Web (3000-3099)

| Service | Port | Status | Description |
| ------- | ---- | ------ | ----------- |
| Grafana (Resolved) | 3006 | Reserved | Dashboards |

### Other Services

| Service | Port | Status | Description |
| ------- | ---- | ------ | ----------- |
| DNS | 53 TCP/UDP | ✅ Active | a\\|b |

`)
  expect(parts[1]).toBe(`## Conflict Resolution

The following conflicts have been resolved:

- **Grafana**: Moved from port 3000 to port 3006 to avoid conflict
- **AnythingLLM**: Moved to dedicated port 3001 (2026-11-01T10:00:00Z)

## Port Range Guidelines

| Range | Purpose | Examples |
| ----- | ------- | -------- |
| 3000-3099 | Web servers | Nginx |
`)
  for (const command of [
    './manage_ports.sh\n',
    'start_service "Service Name" 3000 "command"',
    'kill_port 3000',
    'docker-compose -f docker-compose.yml -f',
  ]) {
    expect(text).toContain(command)
  }
})

test.each([
  [[allocation('x', 9000), allocation('x', 9443)], '9000/9443'],
  [[8000, 8001, 8002].map((number) => allocation('x', number)), '8000-8002'],
  [[8000, 8001, 8002, 9000].map((number) => allocation('x', number)), '8000-8002, 9000'],
  [[allocation('x', 53, { protocol: 'udp' })], '53/udp'],
  [[allocation('x', 53, { protocol: 'udp' }), allocation('x', 80)], '53/udp, 80/tcp'],
  [[allocation('x', 80, { address: parseAddress('::1') })], String.raw`\[::1\]:80/tcp`],
  [[], 'none'],
])('writes ports %# as a person would', (allocations, cell) => {
  const registry = { ...emptyRegistry, services: [service('x')], allocations }
  expect(writePortDocument(registry, 'h')).toContain(`| x | ${cell} |`)
})

test('writes more ports in a row than are read at once', () => {
  const allocations = Array.from({ length: 250 }, (_, index) => allocation('x', 3000 + index))
  const text = writePortDocument({ ...emptyRegistry, services: [service('x')], allocations }, 'h')
  expect(text).toContain('| 3000-3099, 3100-3199, 3200-3249 |')
  expect(readPortDocument(text, 'ports.md').services[0]?.ports).toHaveLength(250)
})

test('keeps text that looks like mojibake', () => {
  const text = writePortDocument(
    { ...emptyRegistry, services: [service('‚úÖ √©')], allocations: [allocation('‚úÖ √©', 1)] },
    'h',
  )
  expect(readPortDocument(text, 'ports.md').services[0]?.name).toBe('‚úÖ √©')
})

test('shows every name and description in a renderer of Markdown as it is', () => {
  const marks = fc.constantFrom(
    '|',
    '*',
    '\\',
    '`',
    '_',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '&',
    '#',
    '~',
    '!',
    ' ',
    'a',
    '1',
    ':',
    'é',
    '🚀',
    '\n',
    'amp;',
  )
  const words = fc.array(marks, { maxLength: 10 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(words, (description) => {
      const text = writePortDocument(
        { ...emptyRegistry, services: [service('x', { description })], allocations: [allocation('x', 1)] },
        'h',
      )
      expect(rendered(text)[1]?.[3]).toBe(description)
    }),
    { numRuns: 300 },
  )
})

test('splits and shows the tables of others as a renderer of Markdown does', () => {
  const cell = fc.constantFrom(
    'a',
    '**b**',
    '`c`',
    '[d](e)',
    String.raw`f\|g`,
    '_h_',
    'i_j_k',
    '`l\\|m`',
    '<br>',
    '&amp;',
    'n & o',
    '![p](q)',
    '*r',
    '\\*s',
    '~t',
    'ü',
    '**u** v',
    '',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), fc.boolean(), (rows, outer) => {
      const line = (cells: readonly string[]): string => (outer ? `| ${cells.join(' | ')} |` : cells.join(' | '))
      const body = rows.filter(([first]) => outer || (first !== '' && first !== '<br>'))
      const markdown = [line(['x', 'y']), '--|--', ...body.map(line)].join('\n')
      const [table] = readBlocks(markdown)
      const ours =
        table?.kind === 'table'
          ? table.rows.map(({ cells }) => [0, 1].map((index) => plainText(cells[index] ?? '').trim()))
          : []
      expect(ours).toEqual(
        rendered(markdown)
          .slice(1)
          .map((cells) => [0, 1].map((index) => (cells[index] ?? '').replace('<br>', '').trim())),
      )
    }),
  )
})
