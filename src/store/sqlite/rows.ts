import { bearingOf } from '../../core/allocation.ts'
import type { Allocation, Standing } from '../../core/allocation.ts'
import { Problem } from '../../core/problem.ts'
import type { Service } from '../../core/service.ts'
import type { Connection } from './connection.ts'

/** The columns of each table under the names of the model's fields. */
export const columns = {
  range: 'name, "from", "to", purpose, examples',
  service: 'host, name, description, range, resolved, declared',
  allocation:
    'id, fence, kind, host, protocol, address, port, service, service_key, owner, since, expires, begun_boot, begun_at, token_hash, session, standing, checksum',
  resolution: 'host, service, "from", "to", why, "when"',
  ruling: 'host, rule, about, level, why, "when"',
} as const

export type ServiceRow = Omit<Service, 'resolved'> & { readonly resolved: 0 | 1 }

export interface AllocationRow extends Omit<Allocation, 'begun' | 'tokenHash' | 'session' | 'standing'> {
  readonly service_key: string
  readonly begun_boot: string | null
  readonly begun_at: number | null
  readonly token_hash: string | null
  readonly session: string | null
  readonly standing: Standing | null
  readonly checksum: number
}

export function serviceOf({ host, name, description, range, resolved, declared }: ServiceRow): Service {
  return { host, name, description, range, resolved: resolved === 1, declared }
}

/** The allocation that the row keeps. Throws `corrupt` where it is not what was written: a promise that may be wrong is worse than none. */
export function allocationOf(row: AllocationRow, connection: Connection): Allocation {
  const { id, fence, kind, host, protocol, address, port, service, owner, since, expires } = row
  const begun = row.begun_boot === null || row.begun_at === null ? null : { boot: row.begun_boot, at: row.begun_at }
  const { token_hash: tokenHash, session, standing } = row
  const bearing = bearingOf({ begun, tokenHash, session, standing })
  const place = { id, fence, kind, host, protocol, address, port, service, owner, since, expires }
  const allocation: Allocation = { ...place, ...bearing }
  if (checksumOf(allocation, row.service_key) !== row.checksum) {
    const why = `the allocation of ${port}/${protocol} to ${service} (${id}) does not match its checksum`
    throw new Problem('corrupt', { store: connection.path, why })
  }
  return allocation
}

/**
 * CRC-32 of the row in a fixed order: the same in every version of Bun, which its faster hashes do not promise. The key is part of the row, so that
 * reading need not make it again.
 */
export function checksumOf(allocation: Allocation, serviceKey: string): number {
  const { id, fence, kind, host, protocol, address, port, service, owner, since, expires } = allocation
  const { begun, tokenHash, session, standing } = allocation
  const bearing =
    begun || tokenHash || session || standing ? [begun?.boot, begun?.at, tokenHash, session, standing] : []
  const place = [id, fence, kind, host, protocol, address, port, service, serviceKey, owner, since, expires]
  return Bun.hash.crc32(JSON.stringify([...place, ...bearing]))
}
