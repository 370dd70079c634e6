import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { audit } from '../audit/audit.ts'
import { registryOf, seen } from '../audit/audit.fixture.ts'
import type { Subject } from '../audit/finding.ts'
import { decide, keyOf } from '../commit.ts'
import type { View } from '../commit.ts'
import { nameKey } from '../name.ts'
import { port } from '../port.ts'
import type { Registry } from '../registry.ts'
import { changesOf, sayStep } from './changes.ts'
import type { ResolveRequest } from './request.ts'
import { resolve } from './resolve.ts'

const known = {
  famousAt: (number: number) => (number === 5001 ? 'Somebody famous' : null),
  isHome: (service: string, number: number) => service === 'Flask' && number === 5000,
  assignedAt: () => null,
}
const request = (
  registry: Registry,
  more: Partial<ResolveRequest> = {},
  about: Partial<Subject> = {},
): ResolveRequest => ({
  subject: { registry, host: 'h', seen: null, known, ...about },
  prefer: [],
  keep: [],
  to: new Map(),
  ...more,
})
const plan = (registry: Registry, more: Partial<ResolveRequest> = {}, about: Partial<Subject> = {}): string[] => {
  const { steps, left } = resolve(request(registry, more, about))
  return [...steps.map(sayStep), ...left.map(({ rule, service, why }) => `left ${rule} of ${service}: ${why}`)]
}
const moved = (service: string, to: number) => ({ host: 'h', service, from: null, to: port(to), why: '', when: null })

/** The registry after the plan, by what a store would do. */
function after(registry: Registry, { subject, ...rest }: ResolveRequest): Registry {
  let next = 0
  const made = resolve({ subject, ...rest })
  const changes = changesOf(made, { registry, host: 'h' }, '2026-01-01T00:00:00Z', () => `new ${next++}`)
  const { effects } = decide(viewOf(registry), { id: '', at: '', changes })
  const result = { ...registry }
  for (const effect of effects) {
    if (effect.row === 'allocation')
      result.allocations = [
        ...result.allocations.filter(({ id }) => id !== effect.key),
        ...(effect.after ? [effect.after] : []),
      ]
    if (effect.row === 'service' && effect.after)
      result.services = [...result.services.filter(({ name }) => keyOf.service('h', name) !== effect.key), effect.after]
    if (effect.row === 'resolution' && effect.after) result.resolutions = [...result.resolutions, effect.after]
    if (effect.row === 'ruling' && effect.after) result.rulings = [...result.rulings, effect.after]
  }
  return result
}

function viewOf(registry: Registry): View {
  const allocation = (id: string) => registry.allocations.find((one) => one.id === id) ?? null
  return {
    revision: 1,
    range: () => null,
    service: (key) => registry.services.find(({ name }) => keyOf.service('h', name) === key) ?? null,
    allocation,
    resolution: () => null,
    ruling: () => null,
    session: () => null,
    allocationsOn: (_host, protocol, number) =>
      registry.allocations.filter((one) => one.port === number && one.protocol === protocol),
    allocationsFor: () => [],
  }
}

const loud = (registry: Registry): string[] =>
  audit({ registry, host: 'h', seen: null, known }).flatMap(({ rule, severity, services }) =>
    severity === 'notice' ? [] : [`${rule} ${services.join('+')}`],
  )

test('a service inside the range of others moves into its own, to the first port that nobody has or is famous for', () => {
  expect(plan(registryOf(['Core: A 5050', 'Core: B 3000', 'Data: C 3050']))).toEqual([
    'move C from 3050 to 5000 because 3050 lies in Core; 5000 is the first free port of Data',
    'move A from 5050 to 3001 because 5050 lies in Data; 3001 is the first free port of Core',
  ])
  expect(plan(registryOf(['Data: Flask 5000', 'Data: C 3050']))[0]).toContain('move C from 3050 to 5002')
})

test('a service at its own default stays, and the finding is accepted with the reason', () => {
  const registry = registryOf(['Core: Flask 5000'])
  expect(plan(registry)).toEqual([
    'leave Flask on 5000 and accept inside-another-range: its users expect Flask at 5000',
  ])
  expect(loud(after(registry, request(registry)))).toEqual([])
})

test('of two on one port the one at home stays, else the one in its own range, else the first; the preferred before all of them', () => {
  expect(plan(registryOf(['A 5000', 'Flask 5000']))[0]).toContain('move A from 5000')
  expect(plan(registryOf(['Data: A 3000', 'Core: B 3000']))[0]).toContain('move A from 3000 to 5000')
  expect(plan(registryOf(['A 9000', 'B 9000']))[0]).toContain('move B from 9000 to 9001 because 9000 belongs to A')
  expect(plan(registryOf(['A 9000', 'B 9000']), { prefer: ['b'] })[0]).toContain('move A from 9000')
})

test('one service for all addresses goes before two for one each', () => {
  const said = plan(registryOf(['All 9000', 'A 9000 127.0.0.2', 'B 9000 127.0.0.3']))
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('move All from 9000')
})

test('what is active, claimed or asked to stay is left, unless a person says where it is to go', () => {
  const registry = registryOf(['Core: A 5050'])
  const active = { seen: seen(registry, [], 'active') }
  expect(plan(registry, {}, active)).toEqual(['left inside-another-range of A: it is active'])
  expect(plan(registry, { keep: ['A'] })).toEqual(['left inside-another-range of A: it was asked to stay'])
  expect(plan(registry, { to: new Map([['a', port(3010)]]) }, active)).toEqual([
    'move A from 5050 to 3010 because 3010 was asked for; it was asked for',
  ])
  const claimed = {
    ...registry,
    allocations: registry.allocations.map((one) => ({ ...one, kind: 'claim' as const, owner: 'w' })),
  }
  expect(plan(claimed)).toEqual(['left inside-another-range of A: it is a claim of w'])
})

test('a port that was asked for and belongs to one who stays is refused, naming the owner', () => {
  const registry = registryOf(['Core: A 5050', 'Core: B 3010'])
  expect(() => plan(registry, { to: new Map([['a', port(3010)]]) })).toThrow('it belongs to B')
  const swap = new Map([
    ['a', port(3010)],
    ['b', port(5050)],
  ])
  expect(plan(registry, { to: swap })).toHaveLength(2)
})

test('a service of which only a record speaks is registered in the range that bears its name, and keeps the port when it is preferred', () => {
  const registry = registryOf(['Core: A 3001'], { resolutions: [moved('DataStore', 3001)] })
  expect(plan(registry)).toEqual([
    'register DataStore on 5000 because 3001 belongs to A; 5000 is the first free port of Data',
  ])
  expect(loud(after(registry, request(registry)))).toEqual([])
  const preferred = request(registry, { prefer: ['DataStore'] })
  expect(plan(registry, { prefer: ['DataStore'] })).toEqual([
    'register DataStore on 3001 because it was preferred; DataStore was preferred to A',
    'move A from 3001 to 3000 because 3001 belongs to DataStore; 3000 is the first free port of Core',
  ])
  expect(loud(after(registry, preferred))).toEqual([])
})

test('a record that is behind its service follows it', () => {
  const registry = registryOf(['A 3001', 'B 9000'], { resolutions: [moved('B', 3001)] })
  expect(plan(registry)).toEqual([
    'record that B went from 3001 to 9000 because 3001 belongs to A; B is registered on 9000',
  ])
  expect(loud(after(registry, request(registry)))).toEqual([])
})

test('nobody is sent to a port of which two records speak', () => {
  const registry = registryOf(['Core: S0 5050'], { resolutions: [moved('Gone', 3000), moved('S0', 3000)] })
  expect(plan(registry)[0]).toContain('move S0 from 5050 to 3001')
  expect(loud(after(registry, request(registry)))).toEqual([])
})

const line = fc.record({
  range: fc.constantFrom('', 'Core: ', 'Data: '),
  number: fc.constantFrom(3000, 3001, 5050, 9000),
  address: fc.constantFrom('*', '0.0.0.0', 'v6any', '127.0.0.1', '127.0.0.2', '::1'),
})
const registries = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.array(fc.constantFrom(3000, 3001, 9000), { maxLength: 2 }))
  .map(([lines, records]) =>
    registryOf(
      lines.map(({ range, number, address }, index) => `${range}S${index} ${number} ${address}`),
      { resolutions: records.map((to, index) => moved(index ? 'S0' : 'Gone', to)) },
    ),
  )

test('after any plan nothing is left that is wrong, and the same registry makes the same plan', () => {
  fc.assert(
    fc.property(registries, (registry) => {
      const asked = request(registry)
      expect(resolve(asked).left).toEqual([])
      expect(loud(after(registry, asked))).toEqual([])
      expect(plan(structuredClone(registry))).toEqual(plan(registry))
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('no plan with fewer moves ends what is wrong', () => {
  fc.assert(
    fc.property(registries, (registry) => {
      const bare = { ...registry, resolutions: [] }
      const moves = resolve(request(bare)).steps.filter((step) => step.do === 'move').length
      expect(moves).toBe(fewestMoves(bare))
    }),
    { numRuns: 300 },
  )
}, 60_000)

/** By trying: every set of allocations is sent far away, and the smallest after which nothing is wrong counts. */
function fewestMoves(registry: Registry): number {
  const { allocations } = registry
  let fewest = allocations.length
  for (let chosen = 0; chosen < 2 ** allocations.length; chosen++) {
    const away = allocations.filter((_, index) => chosen & (1 << index))
    if (away.length >= fewest) continue
    const tried = allocations.map((one, index) => (away.includes(one) ? { ...one, port: port(20_000 + index) } : one))
    if (loud({ ...registry, allocations: tried }).length === 0) fewest = away.length
  }
  return fewest
}

test('names are compared as everywhere', () => {
  expect(nameKey('A (Resolved)')).toBe('a')
  expect(plan(registryOf(['A 9000', 'B 9000']), { keep: ['B (Resolved)'] })[0]).toContain('move A from 9000')
})
