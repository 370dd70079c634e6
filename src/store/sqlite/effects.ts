import type { Allocation } from '../../core/allocation.ts'
import { keyOf } from '../../core/commit.ts'
import type { Effect } from '../../core/commit.ts'
import type { Range } from '../../core/range.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Resolution, Service } from '../../core/service.ts'
import type { Connection } from './connection.ts'
import { removeSession } from './session-rows.ts'
import { checksumOf, columns } from './rows.ts'

/** Writes what was decided. A row that stays keeps its position. */
export function writeEffects(connection: Connection, effects: readonly Effect[]): void {
  // Every allocation that goes or changes goes first: two that swap their ports would otherwise meet in the primary key.
  for (const effect of effects) {
    if (effect.row === 'allocation' && effect.before) connection.run('DELETE FROM allocations WHERE id = ?', effect.key)
  }
  for (const effect of effects) writeEffect(connection, effect)
}

function writeEffect(connection: Connection, effect: Effect): void {
  switch (effect.row) {
    case 'allocation':
      if (effect.after) insertAllocation(connection, effect.after)
      return
    case 'range':
      return put(connection, 'ranges', columns.range, effect, effect.after && rangeValues(effect.after))
    case 'service':
      return put(connection, 'services', columns.service, effect, effect.after && serviceValues(effect.after))
    case 'resolution':
      return put(connection, 'resolutions', columns.resolution, effect, effect.after && resolutionValues(effect.after))
    case 'ruling':
      return put(connection, 'rulings', columns.ruling, effect, effect.after && rulingValues(effect.after))
    case 'session':
      return removeSession(connection, effect.key)
  }
}

type Values = readonly (string | number | null)[]

/** Inserts, changes or deletes the row with the effect's key. `values` stand in the order of `names`. */
function put(
  connection: Connection,
  table: string,
  names: string,
  { key, before }: Effect,
  values: Values | null,
): void {
  if (values === null) return connection.run(`DELETE FROM ${table} WHERE key = ?`, key)
  const places = values.map(() => '?').join(', ')
  if (before === null)
    return connection.run(`INSERT INTO ${table} (${names}, key) VALUES (${places}, ?)`, ...values, key)
  return connection.run(`UPDATE ${table} SET (${names}) = (${places}) WHERE key = ?`, ...values, key)
}

function insertAllocation(connection: Connection, allocation: Allocation): void {
  const { id, fence, kind, host, protocol, address, port, service, owner, since, expires } = allocation
  const { begun, tokenHash, session, standing } = allocation
  const key = keyOf.service(host, service)
  connection.run(
    `INSERT INTO allocations (${columns.allocation}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    fence,
    kind,
    host,
    protocol,
    address,
    port,
    service,
    key,
    owner,
    since,
    expires,
    begun?.boot ?? null,
    begun?.at ?? null,
    tokenHash ?? null,
    session ?? null,
    standing ?? null,
    checksumOf(allocation, key),
  )
}

function rangeValues({ name, from, to, purpose, examples }: Range): Values {
  return [name, from, to, purpose, examples]
}

function serviceValues({ host, name, description, range, resolved, declared }: Service): Values {
  return [host, name, description, range, resolved ? 1 : 0, declared]
}

function resolutionValues({ host, service, from, to, why, when }: Resolution): Values {
  return [host, service, from, to, why, when]
}

function rulingValues({ host, rule, about, level, why, when }: Ruling): Values {
  return [host, rule, about, level, why, when]
}
