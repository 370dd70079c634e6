import { expect, test } from 'bun:test'
import Ajv from 'ajv/dist/2020'
import { isProblem } from '../core/problem.ts'
import { readRegistryFile, registryFileJsonSchema } from './registry-file.ts'

const yaml = `schema: 1
host: here
ranges:
  - { name: Web, from: 3000, to: 3099, purpose: Web servers, examples: Nginx }
services:
  - name: DNS
    description: ""
    range: Web
    resolved: false
    declared: active
    allocations:
      - { protocol: udp, address: 127.0.0.1, port: 53, kind: claim, owner: ~/shop }
resolutions:
  - { service: DNS, from: 54, to: 53, why: clash, when: "2026-01-01T00:00:00Z" }
`

function refusal(text: string): string {
  try {
    readRegistryFile(text, 'ports.yaml')
  } catch (problem) {
    if (isProblem(problem, 'registry-invalid')) return problem.facts.why
    throw problem
  }
  return 'it was accepted'
}

test('reads YAML with the line of everything', () => {
  expect(readRegistryFile(yaml, 'ports.yaml') as unknown).toEqual({
    ranges: [{ line: 4, name: 'Web', from: 3000, to: 3099, purpose: 'Web servers', examples: 'Nginx' }],
    services: [
      {
        line: 6,
        name: 'DNS',
        resolved: false,
        declared: 'active',
        description: '',
        range: 'Web',
        ports: [{ protocol: 'udp', address: '127.0.0.1', port: 53, kind: 'claim', owner: '~/shop' }],
      },
    ],
    moves: [{ line: 14, service: 'DNS', from: 54, to: 53, why: 'clash', when: '2026-01-01T00:00:00Z' }],
    rulings: [],
    unused: [],
  })
})

test('reads JSON by its content, also with tabs and a link to its schema', () => {
  const text =
    '{\n\t"$schema": "x",\n\t"schema": 1,\n\t"host": "here",\n\t"ranges": [],\n\t"services": [],\n\t"resolutions": []\n}'
  expect(readRegistryFile(text, 'ports.yaml')).toEqual({ ranges: [], services: [], moves: [], rulings: [], unused: [] })
})

test.each([
  ['port: 53', 'port: 70000', /^line 12, services\[0\]\.allocations\[0\]\.port: /],
  ['range: Web', 'range: Nope', /^line 8, services\[0\]\.range: no range is called 'Nope'$/],
  ['schema: 1', 'schema: 2', /^line 1, schema: /],
  ['name: DNS', 'name: ""', /^line 6, services\[0\]\.name: /],
  ['name: DNS', 'name: "a\\eb"', /^line 6, services\[0\]\.name: .*control characters/],
  ['127.0.0.1', 'example.org', /^line 12, services\[0\]\.allocations\[0\]\.address: 'example\.org' is not an address$/],
  ['from: 3000', 'from: 4000', /^line 4, ranges\[0\]: 4000-3099 runs backwards$/],
  ['declared: active', 'declared: perhaps', /^line 10, services\[0\]\.declared: /],
  ['resolved: false', 'colour: red', /^line 6, services\[0\]\.resolved: /],
  ['host: here', 'host: here\nextra: 1', /^line 1, the whole file: .*extra/],
  [
    'resolutions:',
    '  - { name: dns, description: "", range: null, resolved: false, declared: active, allocations: [] }\nresolutions:',
    /^line 13, services\[1\]\.name: 'dns' stands already at line 6$/,
  ],
  [
    'resolutions:',
    '  - name: b\n    description: ""\n    range: null\n    resolved: false\n    declared: active\n    allocations:\n      - { protocol: udp, address: "*", port: 53, kind: claim, owner: null }\nresolutions:',
    /^line 19, services\[1\]\.allocations\[0\]: 53\/udp belongs already to DNS at line 6$/,
  ],
  ['ranges:', 'ranges: [', /^line \d+: /],
  ['schema: 1', 'schema: *nowhere', /nowhere/],
])('refuses a file where %p is %p', (from, to, why) => {
  expect(refusal(yaml.replace(from, () => to))).toMatch(why)
})

test.each([['{'], ['{"schema": 1,\n "host": }'], ['[1]'], ['words'], [''], ['\u0000'], ['- '.repeat(50)]])(
  'refuses %p as a whole',
  (text) => {
    expect(refusal(text)).not.toBe('it was accepted')
  },
)

test('refuses aliases that grow without measure', () => {
  const levels = Array.from(
    { length: 12 },
    (_, index) =>
      `l${index}: &l${index} [${Array.from({ length: 10 }, () => (index === 0 ? 'x' : `*l${index - 1}`)).join(', ')}]`,
  )
  expect(refusal(levels.join('\n'))).toMatch(/alias/i)
})

test('describes the form as a JSON Schema that takes what is written and refuses what is not', () => {
  const check = new Ajv({ strict: false, validateFormats: false }).compile(registryFileJsonSchema())
  const empty = { schema: 1, host: 'here', ranges: [], services: [], resolutions: [] }
  expect(check(empty)).toBe(true)
  expect(check({ ...empty, schema: 2 })).toBe(false)
  expect(check({ ...empty, ranges: [{ name: 'Web', from: 0, to: 1, purpose: '', examples: '' }] })).toBe(false)
})
