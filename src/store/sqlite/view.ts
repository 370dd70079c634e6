import type { Allocation } from '../../core/allocation.ts'
import type { View } from '../../core/commit.ts'
import { everyHost } from '../../core/host.ts'
import type { Range } from '../../core/range.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Resolution } from '../../core/service.ts'
import type { Connection } from './connection.ts'
import { allocationOf, columns, serviceOf } from './rows.ts'
import type { AllocationRow, ServiceRow } from './rows.ts'
import { sessionOf } from './session-rows.ts'

/** What `decide` looks up, inside the caller's transaction and worth nothing outside it. */
export function viewOf(connection: Connection, revision: number): View {
  const allocations = (where: string, ...values: (string | number)[]): Allocation[] =>
    connection
      .all<AllocationRow>(`SELECT ${columns.allocation} FROM allocations WHERE ${where}`, ...values)
      .map((row) => allocationOf(row, connection))
  return {
    revision,
    range: (key) => connection.get<Range>(`SELECT ${columns.range} FROM ranges WHERE key = ?`, key),
    service: (key) => {
      const row = connection.get<ServiceRow>(`SELECT ${columns.service} FROM services WHERE key = ?`, key)
      return row && serviceOf(row)
    },
    allocation: (id) => allocations('id = ?', id)[0] ?? null,
    resolution: (key) => connection.get<Resolution>(`SELECT ${columns.resolution} FROM resolutions WHERE key = ?`, key),
    ruling: (key) => connection.get<Ruling>(`SELECT ${columns.ruling} FROM rulings WHERE key = ?`, key),
    session: (id) => sessionOf(connection, id),
    allocationsOn: (host, protocol, port) =>
      host === everyHost
        ? allocations('protocol = ? AND port = ?', protocol, port)
        : allocations('host IN (?, ?) AND protocol = ? AND port = ?', host, everyHost, protocol, port),
    allocationsFor: (key) => allocations('service_key = ?', key),
  }
}
