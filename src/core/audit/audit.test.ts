import { expect, test } from 'bun:test'
import { parseAddress } from '../address.ts'
import type { Allocation } from '../allocation.ts'
import { port } from '../port.ts'
import { emptyRegistry } from '../registry.ts'
import type { Registry } from '../registry.ts'
import type { Judgement } from '../verdict.ts'
import { audit, rules, sayFinding } from './audit.ts'

/** A registry in lines: `Name 3000 [address]`, in the range of the name before the colon where there is one. */
function registry(lines: readonly string[], more: Partial<Registry> = {}): Registry {
  const services = lines.map((line, index) => {
    const [range, rest] = line.includes(':') ? line.split(': ') : [null, line]
    const [name = '', number = '', address = '*'] = (rest ?? '').split(' ')
    return {
      name,
      number: Number(number),
      address: address.replace('v6any', '::'),
      range: range ?? null,
      id: String(index),
    }
  })
  return {
    ...emptyRegistry,
    ranges: [
      { name: 'Core', from: port(3000), to: port(3099), purpose: '', examples: '' },
      { name: 'Data', from: port(5000), to: port(5099), purpose: '', examples: '' },
    ],
    services: services.map(({ name, range }) => ({
      host: 'h',
      name,
      description: '',
      range,
      resolved: false,
      declared: 'reserved',
    })),
    allocations: services.map(({ name, number, address, id }): Allocation => ({
      id,
      fence: 1,
      kind: 'reservation',
      host: 'h',
      service: name,
      protocol: 'tcp',
      address: parseAddress(address),
      port: port(number),
      owner: null,
      since: '',
      expires: null,
    })),
    ...more,
  }
}

const rulesFound = (subject: Registry, judged: Map<Allocation, Judgement> | null = null): string[] =>
  audit({ registry: subject, host: 'h', seen: judged && { listeners: [], judged } }).map(
    (finding) => `${finding.severity} ${finding.rule} ${finding.services.join('+')}`,
  )

test('a clean registry has no finding', () => {
  expect(rulesFound(registry(['Core: A 3000', 'Data: B 5000', 'C 9999']))).toEqual([])
})

test('the same port twice is an error, by the overlap of addresses', () => {
  expect(rulesFound(registry(['A 3000', 'B 3000']))).toEqual(['error duplicate-port A+B'])
  expect(rulesFound(registry(['A 3000 127.0.0.1', 'B 3000 127.0.0.2']))).toEqual([])
  expect(rulesFound(registry(['A 3000 0.0.0.0', 'B 3000 v6any']))).toEqual([])
})

test('out of the own range is a notice, inside another one a warning besides', () => {
  expect(rulesFound(registry(['Core: A 9999']))).toEqual(['notice out-of-range A'])
  expect(rulesFound(registry(['Core: A 5050']))).toEqual(['warning inside-another-range A', 'notice out-of-range A'])
})

test('a recorded move to a port of somebody else is an error, until a later record ends it', () => {
  const moved = (to: number) => ({ host: 'h', service: 'Gone', from: null, to: port(to), why: '', when: null })
  expect(rulesFound(registry(['A 3001'], { resolutions: [moved(3001)] }))).toEqual([
    'error contradicted-resolution Gone+A',
  ])
  expect(rulesFound(registry(['A 3001'], { resolutions: [moved(3001), moved(3050)] }))).toEqual([])
  expect(rulesFound(registry(['Gone 3001'], { resolutions: [moved(3001)] }))).toEqual([])
})

test('a mark without a record is a notice', () => {
  const marked = registry(['A 3000'])
  const services = marked.services.map((service) => ({ ...service, resolved: true }))
  expect(rulesFound({ ...marked, services })).toEqual(['notice missing-resolution A'])
})

test('a port that somebody else holds is an error that names the holder', () => {
  const subject = registry(['A 3000'])
  const [allocation] = subject.allocations
  const holder = {
    boot: '',
    pid: 42,
    start: 1,
    session: 42,
    name: 'node',
    command: 'node x',
    cwd: null,
    user: null,
    startedAt: null,
  }
  const judged = new Map(
    allocation
      ? [
          [
            allocation,
            { verdict: 'taken', evidence: { holder, identified: { service: null, by: 'command' } } } as const,
          ],
        ]
      : [],
  )
  const [finding] = audit({ registry: subject, host: 'h', seen: { listeners: [], judged } })
  expect(finding && sayFinding(finding)).toBe('3000 of A is taken by node (pid 42)')
})

test('every rule has a name of its own, a summary and a test here', async () => {
  const text = await Bun.file(import.meta.path).text()
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  for (const { id, summary } of rules) {
    expect(summary).toMatch(/^[A-Z].*\.$/)
    expect(text.includes(id) || id === 'port-taken', id).toBe(true)
  }
})
