import type { Allocation } from '../core/allocation.ts'
import { countsOn, everyHost } from '../core/host.ts'
import { parsePort } from '../core/port.ts'
import type { Protocol } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import type { Range } from '../core/range.ts'
import { allocationsOf, findRange, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import type { Service } from '../core/service.ts'
import { nearest } from '../core/text.ts'

/** The service of that name on the host, or on every host. Throws `service-unknown` with the nearest name. */
export function requireService(registry: Registry, host: string, name: string): Service {
  const service = findService(registry, host, name) ?? findService(registry, everyHost, name)
  if (service) return service
  const names = registry.services.filter((one) => countsOn(one, host)).map((one) => one.name)
  throw new Problem('service-unknown', { name, nearest: nearest(name, names) })
}

/** The range of that name. Throws `range-unknown` with the nearest name. */
export function requireRange(registry: Registry, name: string): Range {
  const range = findRange(registry, name)
  if (range) return range
  throw new Problem('range-unknown', {
    name,
    nearest: nearest(
      name,
      registry.ranges.map((one) => one.name),
    ),
  })
}

/**
 * The allocations that `what` means: all of a service's when it is a name, those of the port when it is one.
 * Throws `port-unallocated` and `service-unknown`.
 */
export function allocationsMeant(
  registry: Registry,
  host: string,
  what: string,
  protocol: Protocol | undefined,
): Allocation[] {
  const service = findService(registry, host, what)
  if (!service && /^[-+]?\d/.test(what)) {
    const port = parsePort(what)
    const found = registry.allocations.filter(
      (allocation) =>
        countsOn(allocation, host) &&
        allocation.port === port &&
        (protocol ?? allocation.protocol) === allocation.protocol,
    )
    if (!found.length) throw new Problem('port-unallocated', { port, protocol: protocol ?? 'tcp' })
    return found
  }
  return allocationsOf(registry, requireService(registry, host, what)).filter(
    (one) => (protocol ?? one.protocol) === one.protocol,
  )
}
