import { expect, test } from 'bun:test'
import { anyAddress } from './address.ts'
import type { Claimant } from './claim-token.ts'
import { decide, keyOf } from './commit.ts'
import type { Effect, View } from './commit.ts'
import type { DocumentService, PortDocument } from './document.ts'
import { planImport } from './import-plan.ts'
import { port } from './port.ts'
import { emptyRegistry } from './registry.ts'
import type { Registry } from './registry.ts'

const service = (line: number, name: string, ...ports: number[]): DocumentService => ({
  line,
  name,
  resolved: false,
  declared: 'reserved',
  description: '',
  range: null,
  ports: ports.map((number) => ({
    protocol: 'tcp',
    address: anyAddress,
    port: port(number),
    kind: 'reservation',
    owner: null,
  })),
})
const document = (...services: DocumentService[]): PortDocument => ({
  ranges: [],
  services,
  moves: [],
  rulings: [],
  unused: [],
})

const nobody: Claimant = { owner: { id: 'workspace:/x', label: 'x', seed: 'x' }, named: false, tokenHash: null }

let ids = 0
const newId = (): string => `id${ids++}`

/** The registry after the plan, through the same decision that stores ask. */
function imported(
  registry: Registry,
  given: PortDocument,
  claimant = nobody,
): { registry: Registry; unused: string[]; changes: number } {
  const { changes, unused } = planImport(registry, 'h', given, claimant, newId)
  const { effects } = decide(viewOf(registry), { id: newId(), at: 't', changes })
  return {
    registry: applied(registry, effects),
    unused: unused.map(({ line, why }) => `${line}: ${why}`),
    changes: changes.length,
  }
}

function viewOf({ revision, ranges, services, allocations }: Registry): View {
  return {
    revision,
    range: (key) => ranges.find(({ name }) => keyOf.range(name) === key) ?? null,
    service: (key) => services.find(({ host, name }) => keyOf.service(host, name) === key) ?? null,
    allocation: (id) => allocations.find((one) => one.id === id) ?? null,
    resolution: () => null,
    ruling: () => null,
    session: () => null,
    allocationsOn: (_, protocol, number) =>
      allocations.filter((one) => one.protocol === protocol && one.port === number),
    allocationsFor: (key) => allocations.filter((one) => keyOf.service(one.host, one.service) === key),
  }
}

function applied(registry: Registry, effects: readonly Effect[]): Registry {
  const services = new Map(registry.services.map((one) => [keyOf.service(one.host, one.name), one]))
  const allocations = new Map(registry.allocations.map((one) => [one.id, one]))
  for (const effect of effects) {
    if (effect.row === 'service' && effect.after) services.set(effect.key, effect.after)
    if (effect.row === 'allocation' && effect.after) allocations.set(effect.key, effect.after)
    if (effect.row === 'allocation' && !effect.after) allocations.delete(effect.key)
  }
  return {
    ...registry,
    revision: registry.revision + 1,
    services: [...services.values()],
    allocations: [...allocations.values()],
  }
}

const portsOf = ({ allocations }: Registry): Record<string, number> =>
  Object.fromEntries(
    allocations.map((one) => [one.service, Number(one.port)] as const).toSorted(([a], [b]) => a.localeCompare(b)),
  )

test('what is new is added, and importing the same again changes nothing', () => {
  const first = imported(emptyRegistry, document(service(1, 'A', 3000), service(2, 'B', 3001)))
  expect(portsOf(first.registry)).toEqual({ A: 3000, B: 3001 })
  expect(imported(first.registry, document(service(1, 'A', 3000), service(2, 'B', 3001))).changes).toBe(0)
})

test('two services that swapped their ports in the document swap', () => {
  const first = imported(emptyRegistry, document(service(1, 'A', 3000), service(2, 'B', 3001)))
  expect(portsOf(imported(first.registry, document(service(1, 'A', 3001), service(2, 'B', 3000))).registry)).toEqual({
    A: 3001,
    B: 3000,
  })
})

test('a port of a service outside of the document stays there, and the line is reported', () => {
  const first = imported(emptyRegistry, document(service(1, 'Old', 3000)))
  const second = imported(first.registry, document(service(7, 'New', 3000), service(8, 'Other', 3001)))
  expect(second.unused).toEqual(['7: 3000/tcp belongs to Old'])
  expect(portsOf(second.registry)).toEqual({ Old: 3000, Other: 3001 })
})

test('a service that cannot move keeps its port, and so does not free it for another line', () => {
  const first = imported(emptyRegistry, document(service(1, 'A', 3000), service(2, 'Wall', 3009)))
  const second = imported(first.registry, document(service(5, 'A', 3009), service(6, 'B', 3000)))
  expect(second.unused).toEqual(['5: 3009/tcp belongs to Wall', '6: 3000/tcp belongs to A'])
  expect(portsOf(second.registry)).toEqual({ A: 3000, Wall: 3009 })
})

test('two lines for one port: the first has it', () => {
  const result = imported(emptyRegistry, document(service(1, 'A', 3000), service(2, 'B', 3000)))
  expect(result.unused).toEqual(['2: 3000/tcp belongs to A'])
  expect(portsOf(result.registry)).toEqual({ A: 3000 })
})

test('a service that gave up one of its ports in the document gives it up', () => {
  const first = imported(emptyRegistry, document(service(1, 'A', 3000, 3001)))
  const second = imported(first.registry, document(service(1, 'A', 3001)))
  expect(portsOf(second.registry)).toEqual({ A: 3001 })
  expect(second.registry.allocations).toHaveLength(1)
})

test('a claim is neither moved nor released by a document of somebody else, and keeps its port from others', () => {
  const claimed = imported(emptyRegistry, document(service(1, 'web @ shop', 3000), service(2, 'Other', 4000))).registry
  const registry = {
    ...claimed,
    allocations: claimed.allocations.map((one) =>
      one.port === 3000
        ? { ...one, kind: 'claim' as const, owner: 'workspace:/shop', tokenHash: 'the hash of its token' }
        : one,
    ),
  }
  const why = '3: it has the claim 3000/tcp of workspace:/shop, which only its owner changes'
  const moving = document(service(3, 'web @ shop', 3001), service(4, 'Other', 3000))
  const refused = imported(registry, moving)
  expect(portsOf(refused.registry)).toEqual({ 'web @ shop': 3000, Other: 4000 })
  expect(refused.unused).toEqual([why, '4: 3000/tcp belongs to web @ shop'])
  const releasing = imported(registry, document(service(3, 'web @ shop')))
  expect([portsOf(releasing.registry), releasing.unused]).toEqual([{ 'web @ shop': 3000, Other: 4000 }, [why]])
  const same = imported(registry, document(service(3, 'web @ shop', 3000)))
  expect([same.unused, same.changes]).toEqual([[], 0])
  const theirs = imported(registry, moving, { ...nobody, tokenHash: 'the hash of its token' })
  expect([portsOf(theirs.registry), theirs.unused]).toEqual([{ 'web @ shop': 3001, Other: 3000 }, []])
})
