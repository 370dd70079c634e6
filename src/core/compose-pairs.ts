import type { Allocation } from './allocation.ts'
import { programOfService } from './compose-images.ts'
import type { ComposeService, Publish } from './compose.ts'
import type { PortNumber } from './port.ts'

/** Published ports that are one thing: the same port of the same container on several addresses. */
export interface Unit {
  readonly service: string
  readonly published: PortNumber | null
  readonly target: PortNumber
  readonly protocol: Publish['protocol']
  readonly publishes: readonly Publish[]
}

interface Pair {
  readonly unit: Unit
  /** Null where none is left, `ambiguous` where nothing tells which unit should have the one that is left. */
  readonly allocation: Allocation | 'ambiguous' | null
}

export function unitsOf(service: ComposeService): Unit[] {
  const groups = Map.groupBy(service.publishes, ({ published, publishedTo, target, protocol }) => {
    return `${published}-${publishedTo} ${target}/${protocol}`
  })
  return [...groups.values()].flatMap((publishes) => {
    const [first] = publishes
    if (!first) return []
    const { published, target, protocol } = first
    return [{ service: service.name, published, target, protocol, publishes }]
  })
}

/**
 * Gives the allocations of one registered service to the units that are this service: first those that are right already, then those whose container
 * port is the registered one, then the program's main port, then the only one left, or as many as there are of one compose service in order.
 */
export function pairUnits(units: readonly Unit[], allocations: readonly Allocation[], service: string): Pair[] {
  const given = new Map<Unit, Allocation>()
  const main = programOfService(service)?.ports[0]
  const left = (): Unit[] => units.filter((unit) => !given.has(unit))
  const free = (protocol: Unit['protocol']): Allocation[] =>
    allocations.filter((one) => one.protocol === protocol && ![...given.values()].includes(one))
  const give = (fits: (unit: Unit, allocation: Allocation) => boolean): void => {
    for (const unit of left()) {
      const found = free(unit.protocol).find((allocation) => fits(unit, allocation))
      if (found) given.set(unit, found)
    }
  }
  give((unit, { port }) => unit.published === port)
  give((unit, { port }) => unit.target === port)
  if (left().filter(({ target }) => target === main).length === 1) give(({ target }) => target === main)
  for (const protocol of ['tcp', 'udp'] as const) {
    const rest = left().filter((unit) => unit.protocol === protocol)
    const oneService = new Set(rest.map((unit) => unit.service)).size === 1
    if (rest.length === 1 || (oneService && rest.length <= free(protocol).length)) {
      for (const unit of rest) {
        const [next] = free(protocol)
        if (next) given.set(unit, next)
      }
    }
  }
  return units.map((unit) => {
    const allocation = given.get(unit) ?? (free(unit.protocol).length ? 'ambiguous' : null)
    return { unit, allocation }
  })
}
