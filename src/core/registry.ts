import { endpointsOverlap } from './allocation.ts'
import type { Allocation, Endpoint } from './allocation.ts'
import { nameKey } from './name.ts'
import type { Range } from './range.ts'
import type { Ruling } from './ruling.ts'
import type { Resolution, Service } from './service.ts'

/** Everything that was promised, as it was at one revision. A value: changing means committing and reading again. */
export interface Registry {
  /** 0 before the first commit, and one more with each. */
  readonly revision: number
  readonly ranges: readonly Range[]
  readonly services: readonly Service[]
  readonly allocations: readonly Allocation[]
  readonly resolutions: readonly Resolution[]
  /** Those of the hosts that were read, and those that hold for every host. */
  readonly rulings: readonly Ruling[]
}

export const emptyRegistry: Registry = {
  revision: 0,
  ranges: [],
  services: [],
  allocations: [],
  resolutions: [],
  rulings: [],
}

/** What is looked up in a registry again and again, made once for each: it is a value, so nothing of it can grow old. */
interface Index {
  readonly services: ReadonlyMap<string, Service>
  readonly ranges: ReadonlyMap<string, Range>
  readonly allocations: ReadonlyMap<string, readonly Allocation[]>
  readonly byPort: ReadonlyMap<number, readonly Allocation[]>
}

const indexes = new WeakMap<Registry, Index>()

function indexOf(registry: Registry): Index {
  const known = indexes.get(registry)
  if (known) return known
  const index: Index = {
    services: new Map(registry.services.map((service) => [serviceKey(service.host, service.name), service])),
    ranges: new Map(registry.ranges.map((range) => [nameKey(range.name), range])),
    allocations: Map.groupBy(
      registry.allocations.toSorted((a, b) => a.port - b.port),
      ({ host, service }) => serviceKey(host, service),
    ),
    byPort: Map.groupBy(registry.allocations, ({ port }) => port),
  }
  indexes.set(registry, index)
  return index
}

/** What makes two spellings the same service of the same host. */
export function serviceKey(host: string, name: string): string {
  return `${host}\n${nameKey(name)}`
}

export function findService(registry: Registry, host: string, name: string): Service | null {
  return indexOf(registry).services.get(serviceKey(host, name)) ?? null
}

export function findRange(registry: Registry, name: string): Range | null {
  return indexOf(registry).ranges.get(nameKey(name)) ?? null
}

/** The allocations of a service, by port. */
export function allocationsOf(registry: Registry, service: Pick<Service, 'host' | 'name'>): readonly Allocation[] {
  return indexOf(registry).allocations.get(serviceKey(service.host, service.name)) ?? []
}

/** Every allocation beside which nothing could listen at the endpoint. */
export function allocationsAt(registry: Registry, endpoint: Endpoint): Allocation[] {
  const there = indexOf(registry).byPort.get(endpoint.port) ?? []
  return there.filter((allocation) => endpointsOverlap(allocation, endpoint))
}

/** What makes two records of a move the same record. */
export function resolutionKey({ host, service, from, to, when }: Resolution): string {
  return JSON.stringify([host, nameKey(service), from, to, when])
}
