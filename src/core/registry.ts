import { endpointsOverlap } from './allocation.ts'
import type { Allocation, Endpoint } from './allocation.ts'
import { groupBy } from './groups.ts'
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

/** What is looked up in a registry again and again, each part made when it is asked for: a registry is a value, so nothing of it can grow old. */
class Index {
  readonly #registry: Registry
  #services: Map<string, Map<string, Service>> | null = null
  #ranges: Map<string, Range> | null = null
  #allocations: Map<string, Map<string, Allocation[]>> | null = null
  #byPort: Map<number, Allocation[]> | null = null

  constructor(registry: Registry) {
    this.#registry = registry
  }

  service(host: string, name: string): Service | null {
    this.#services ??= servicesByName(this.#registry.services)
    return this.#services.get(host)?.get(nameKey(name)) ?? null
  }

  range(name: string): Range | null {
    this.#ranges ??= new Map(this.#registry.ranges.map((range) => [nameKey(range.name), range]))
    return this.#ranges.get(nameKey(name)) ?? null
  }

  allocations(host: string, name: string): readonly Allocation[] {
    this.#allocations ??= allocationsByService(this.#registry.allocations)
    return this.#allocations.get(host)?.get(nameKey(name)) ?? []
  }

  at(port: number): readonly Allocation[] {
    this.#byPort ??= groupBy(this.#registry.allocations, (allocation) => allocation.port)
    return this.#byPort.get(port) ?? []
  }
}

/** By host, and then by name: one key for both would be a new text for each row, ten thousand times. */
type ByHost<Row> = Map<string, Map<string, Row>>

function ofHost<Row>(all: ByHost<Row>, host: string): Map<string, Row> {
  let rows = all.get(host)
  if (!rows) all.set(host, (rows = new Map()))
  return rows
}

function servicesByName(services: readonly Service[]): ByHost<Service> {
  const all: ByHost<Service> = new Map()
  for (const service of services) ofHost(all, service.host).set(nameKey(service.name), service)
  return all
}

function allocationsByService(allocations: readonly Allocation[]): ByHost<Allocation[]> {
  const all: ByHost<Allocation[]> = new Map()
  const several = new Set<Allocation[]>()
  for (const allocation of allocations) {
    const groups = ofHost(all, allocation.host)
    const key = nameKey(allocation.service)
    const group = groups.get(key)
    if (!group) {
      groups.set(key, [allocation])
      continue
    }
    group.push(allocation)
    several.add(group)
  }
  for (const group of several) group.sort((a, b) => a.port - b.port)
  return all
}

const indexes = new WeakMap<Registry, Index>()

function indexOf(registry: Registry): Index {
  let index = indexes.get(registry)
  if (!index) indexes.set(registry, (index = new Index(registry)))
  return index
}

/** What makes two spellings the same service of the same host. */
export function serviceKey(host: string, name: string): string {
  return `${host}\n${nameKey(name)}`
}

export function findService(registry: Registry, host: string, name: string): Service | null {
  return indexOf(registry).service(host, name)
}

export function findRange(registry: Registry, name: string): Range | null {
  return indexOf(registry).range(name)
}

/** The allocations of a service, by port. */
export function allocationsOf(registry: Registry, service: Pick<Service, 'host' | 'name'>): readonly Allocation[] {
  return indexOf(registry).allocations(service.host, service.name)
}

/** Every allocation beside which nothing could listen at the endpoint. */
export function allocationsAt(registry: Registry, endpoint: Endpoint): Allocation[] {
  return indexOf(registry)
    .at(endpoint.port)
    .filter((allocation) => endpointsOverlap(allocation, endpoint))
}

/** The allocations of the host at each number that has several, TCP and UDP together, by number. */
export function sharedPorts(registry: Registry, host: string): Map<number, Allocation[]> {
  // Almost every port has one owner: they are counted first, so that few lists are made.
  const owners = new Uint16Array(65_536)
  for (const { host: at, port } of registry.allocations) if (at === host) owners[port] = (owners[port] ?? 0) + 1
  const shared = registry.allocations.filter(({ host: at, port }) => at === host && (owners[port] ?? 0) > 1)
  return groupBy(
    shared.toSorted((a, b) => a.port - b.port),
    ({ port }) => port,
  )
}

/** What makes two records of a move the same record. */
export function resolutionKey({ host, service, from, to, when }: Resolution): string {
  return JSON.stringify([host, nameKey(service), from, to, when])
}
