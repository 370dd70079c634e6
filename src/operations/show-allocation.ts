import type * as z from '../formats/zod.ts'
import type { Allocation } from '../core/allocation.ts'
import type { Service } from '../core/service.ts'
import type { allocationShape } from './shapes.ts'

/** An allocation with what the registry says of its service. */
export function showAllocation(allocation: Allocation, service: Service | null): z.output<typeof allocationShape> {
  const { id, host, port, protocol, address } = allocation
  return {
    id,
    host,
    service: service?.name ?? allocation.service,
    port,
    protocol,
    address,
    range: service?.range ?? null,
    description: service?.description ?? '',
    resolved: service?.resolved ?? false,
  }
}
