import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { addressFromBytes, anyAddress, anyIPv4, anyIPv6, parseAddress } from '../core/address.ts'
import { endpointsOverlap } from '../core/allocation.ts'
import type { Allocation } from '../core/allocation.ts'
import type { DocumentPort, PortDocument } from '../core/document.ts'
import { nameKey, parseName, withoutMark } from '../core/name.ts'
import { port, protocols } from '../core/port.ts'
import type { Registry } from '../core/registry.ts'
import { levels } from '../core/audit/finding.ts'
import { resolutionKey } from '../core/registry.ts'
import { rulingKey } from '../core/ruling.ts'
import { isProblem } from '../core/problem.ts'
import { readPortDocument } from './markdown/read.ts'
import { writePortDocument } from './markdown/write.ts'
import { readRegistryFile, toRegistryFile, writeJson, writeYaml } from './registry-file.ts'

const host = 'here'
const nasty = [
  'a|b',
  '**x**',
  '[x](y)',
  'back\\slash',
  '\\|',
  '`code`',
  '- dash',
  '_x_',
  '~~x~~',
  '<b>',
  '<!-- x -->',
  '&amp;',
  '&#124;',
  'R&D',
  '🚀 Web',
  '1️⃣',
  '🇫🇷',
  '| | |',
  'x: Moved to port 5',
  '# x',
  'C#',
  'Web (3000-3099)',
  '3000-3099',
  '3000',
  'x:',
  '(Resolved) x',
  'Other Services',
  '‚úÖ',
  'Caf√©',
  'âœ…',
  'naïve',
  '日本語',
  'N/A',
  'Service',
  'Port',
  '---',
  '``',
  '***',
  'a*b*c',
  'snake_case_name',
  'http://localhost:1',
  '![x](y)',
  '[x][y]',
  '[^1]',
  '```',
  '$x$',
  '"quoted"',
  "it's",
  'ﷺ',
  '©',
]
const words = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
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
        '&',
        '#',
        '~',
        '!',
        ' ',
        'a',
        '1',
        ':',
        '-',
        'é',
        '√',
        '🚀',
        '.',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)
const sentence = fc.oneof(
  words,
  fc.constantFrom(
    'to avoid conflict',
    'dedicated port',
    'from port 3',
    '. end',
    ', x',
    '(2026-11-01T10:00:00Z)',
    'line\nbreak',
    'since (2026-11-01T10:00:00Z)',
    '(all)',
    '\r\n',
    ' ends ',
    '\u2028',
    '\t',
    '7 more',
  ),
  fc.array(words, { maxLength: 3 }).map((parts) => parts.join(' ')),
)
const title = words
  .filter((text) => isName(text) && !withoutMark(parseName(text, 'service')).resolved)
  .map((text) => parseName(text, 'service'))
const number = fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 3000, max: 3010 })).map(port)
const address = fc.oneof(
  { weight: 6, arbitrary: fc.constant(anyAddress) },
  fc.constantFrom(anyIPv4, anyIPv6, parseAddress('127.0.0.1'), parseAddress('::1'), parseAddress('fe80::1%eth0')),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map(addressFromBytes),
)
const time = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

const range = fc.record({ name: title, from: number, to: number, purpose: sentence, examples: sentence }).map((one) => {
  return one.from <= one.to ? one : { ...one, from: one.to, to: one.from }
})
const place = fc.record({
  protocol: fc.constantFrom(...protocols),
  address,
  port: number,
  kind: fc.constantFrom('reservation', 'claim'),
  owner: fc.option(words),
  since: time,
})
const member = fc.record({
  name: title,
  description: sentence,
  range: fc.nat(),
  resolved: fc.boolean(),
  declared: fc.constantFrom('active', 'reserved'),
  places: fc.array(place, { maxLength: 5 }),
})
const resolution = fc.record({
  host: fc.constant(host),
  service: title,
  from: fc.option(number),
  to: number,
  why: sentence,
  when: fc.option(time),
})

const ruling = fc
  .record({
    rule: fc.constantFrom('out-of-range', 'famous-default', 'made-by-a-later-version'),
    about: fc.option(title),
    level: fc.constantFrom(...levels),
    why: sentence,
    when: fc.option(time),
  })
  .map((one) => ({ host: one.about === null ? null : host, ...one }))

const registries = fc
  .record({
    ranges: fc.uniqueArray(range, { selector: (one) => nameKey(one.name), maxLength: 4 }),
    members: fc.uniqueArray(member, { selector: (one) => nameKey(one.name), maxLength: 6 }),
    resolutions: fc.uniqueArray(resolution, { selector: resolutionKey, maxLength: 4 }),
    rulings: fc.uniqueArray(ruling, { selector: rulingKey, maxLength: 4 }),
  })
  .map(({ ranges, members, resolutions, rulings }): Registry => {
    const allocations: Allocation[] = []
    const services = members.map(({ places, range: chosen, ...service }) => {
      for (const one of places) {
        const allocation: Allocation = {
          id: String(allocations.length),
          fence: 1,
          host,
          service: service.name,
          expires: null,
          ...one,
        }
        if (!allocations.some((present) => endpointsOverlap(present, allocation))) allocations.push(allocation)
      }
      return { host, ...service, range: ranges[chosen % (ranges.length + 1)]?.name ?? null }
    })
    return { revision: 1, ranges, services, allocations, resolutions, rulings }
  })
  .filter(({ ranges, services, resolutions }) => ranges.length + services.length + resolutions.length > 0)

function isName(text: string): boolean {
  try {
    return parseName(text, 'service') !== ''
  } catch (problem) {
    if (isProblem(problem)) return false
    throw problem
  }
}

/** What both sides of a round trip are compared by: services by name, ports in any order, no lines. `kinds`: with kind and owner of ports. */
function content({ ranges, services, moves, rulings, unused }: PortDocument, kinds: boolean): unknown {
  const portText = ({ protocol, address: at, port: to, kind, owner }: DocumentPort): string =>
    JSON.stringify([protocol, at, to, ...(kinds ? [kind, owner] : [])])
  return {
    ranges: ranges.map((one) => ({ ...one, line: 0 })),
    services: services
      .map((service) => ({ ...service, line: 0, ports: service.ports.map(portText).toSorted() }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    moves: moves.map((one) => ({ ...one, line: 0 })),
    rulings: rulings.map((one) => ({ ...one, line: 0 })),
    unused,
  }
}

function expected({ ranges, services, allocations, resolutions, rulings }: Registry, kinds: boolean): unknown {
  const portsOf = (name: string): DocumentPort[] =>
    allocations
      .filter(({ service }) => service === name)
      .map(({ protocol, address: at, port: to, kind, owner }) => ({ protocol, address: at, port: to, kind, owner }))
  const document: PortDocument = {
    ranges: ranges.map((one) => ({ ...one, line: 0 })),
    services: services.map(({ name: called, description, range: within, resolved, declared }) => {
      return { line: 0, name: called, resolved, declared, description, range: within, ports: portsOf(called) }
    }),
    moves: resolutions.map(({ service, from, to, why, when }) => ({ line: 0, service, from, to, why, when })),
    rulings: rulings.map(({ host: _host, ...one }) => ({ line: 0, ...one })),
    unused: [],
  }
  return content(document, kinds)
}

test('a registry written as Markdown reads back equal', () => {
  fc.assert(
    fc.property(registries, (registry) => {
      const text = writePortDocument(registry, host)
      expect(content(readPortDocument(text, 'ports.md'), false)).toEqual(expected(registry, false))
    }),
    { numRuns: 500 },
  )
})

test('a registry written as JSON reads back equal', () => {
  fc.assert(
    fc.property(registries, (registry) => {
      const text = writeJson(toRegistryFile(registry, host))
      expect(content(readRegistryFile(text, 'ports.json'), true)).toEqual(expected(registry, true))
    }),
  )
})

test('a registry written as YAML reads back equal', () => {
  fc.assert(
    fc.property(registries, (registry) => {
      const text = writeYaml(toRegistryFile(registry, host))
      expect(content(readRegistryFile(text, 'ports.yaml'), true)).toEqual(expected(registry, true))
    }),
  )
})
