import type { Allocation } from '../core/allocation.ts'

/** The order of every list of allocations: port, protocol, address, host. SQLite sorts the same way, by bytes. */
export function compareAllocations(a: Allocation, b: Allocation): number {
  return (
    a.port - b.port ||
    compareText(a.protocol, b.protocol) ||
    compareText(a.address, b.address) ||
    compareText(a.host, b.host)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
