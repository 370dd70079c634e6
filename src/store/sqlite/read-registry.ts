import { countsOn, everyHost } from '../../core/host.ts'
import type { Range } from '../../core/range.ts'
import type { Registry } from '../../core/registry.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Resolution } from '../../core/service.ts'
import type { Connection } from './connection.ts'
import { allocationOf, columns, serviceOf } from './rows.ts'
import type { AllocationRow, ServiceRow } from './rows.ts'

/** All rows, or those that count on one host, inside the caller's transaction. Every allocation's checksum is checked. */
export function readRegistry(connection: Connection, revision: number, host: string | undefined): Registry {
  const rows = <Row>(table: string, names: string, order: string): Row[] =>
    host === undefined
      ? connection.all<Row>(`SELECT ${names} FROM ${table} ORDER BY ${order}`)
      : connection.all<Row>(`SELECT ${names} FROM ${table} WHERE host IN (?, ?) ORDER BY ${order}`, host, everyHost)
  return {
    revision,
    ranges: connection.all<Range>(`SELECT ${columns.range} FROM ranges ORDER BY position`),
    services: rows<ServiceRow>('services', columns.service, 'position').map(serviceOf),
    allocations: rows<AllocationRow>('allocations', columns.allocation, 'port, protocol, address, host').map((row) =>
      allocationOf(row, connection),
    ),
    resolutions: rows<Resolution>('resolutions', columns.resolution, 'position'),
    rulings: rulingsOf(connection, host),
  }
}

function rulingsOf(connection: Connection, host: string | undefined): Ruling[] {
  // A file of the first form that may only be read stays as it is.
  if (!connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'rulings'")) return []
  const all = connection.all<Ruling>(`SELECT ${columns.ruling} FROM rulings ORDER BY position`)
  return host === undefined
    ? all
    : all.filter((ruling) => ruling.host === null || countsOn({ host: ruling.host }, host))
}
