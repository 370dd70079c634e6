import type { Address } from '../../core/address.ts'
import type { Tenure, VerdictChange } from '../../core/history/tenure.ts'
import type { Watch } from '../../core/history/watch.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { History, HistoryEntry } from '../../operations/world.ts'
import type { Connection } from './connection.ts'

/** How much of the history is kept, the newest; at some 400 bytes a tenure it stays below 10 MB. Tenures that are not over are all kept. */
export const kept = { tenures: 20_000, verdicts: 5000, watches: 1000 } as const

interface TenureRow {
  readonly key: string
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
  readonly user: string
  readonly holder: string | null
  readonly boot: string
  readonly begun: number
  readonly exact: number
  readonly ended: number | null
  readonly ending: 'closed' | 'unseen' | null
}

interface VerdictRow extends Omit<VerdictChange, 'from' | 'to'> {
  readonly verdict_before: Verdict
  readonly verdict_after: Verdict
}

export function writeHistory(connection: Connection, { watch, begun, ended, verdicts }: HistoryEntry): void {
  connection.run(
    `INSERT INTO watches (id, boot, begun, seen, clock_offset) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`,
    watch.id,
    watch.boot,
    watch.from,
    watch.until,
    watch.offset,
  )
  for (const tenure of begun) insertTenure(connection, tenure)
  for (const { key, until, ending } of ended)
    connection.run('UPDATE tenures SET ended = ?, ending = ? WHERE key = ? AND ended IS NULL', until, ending, key)
  for (const change of verdicts) insertVerdict(connection, change)
  forget(connection)
}

function insertTenure(connection: Connection, tenure: Tenure): void {
  const { key, protocol, address, port, user, holder, boot, from, exact, until, ending } = tenure
  connection.run(
    `INSERT INTO tenures (key, protocol, address, port, user, holder, boot, begun, exact, ended, ending)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
    key,
    protocol,
    address,
    port,
    user,
    holder && JSON.stringify(holder),
    boot,
    from,
    Number(exact),
    until,
    ending,
  )
}

/** Two who watch see the same change: the one who comes second finds the verdict as it is. */
function insertVerdict(connection: Connection, change: VerdictChange): void {
  const { service, protocol, address, port, boot, at, from, to } = change
  const last = connection.get<Pick<VerdictRow, 'verdict_after'>>(
    `SELECT verdict_after FROM verdict_changes WHERE port = ? AND protocol = ? AND address = ? AND service = ? AND boot = ?
     ORDER BY position DESC LIMIT 1`,
    port,
    protocol,
    address,
    service,
    boot,
  )
  if (last?.verdict_after === to) return
  connection.run(
    `INSERT INTO verdict_changes (service, protocol, address, port, boot, at, verdict_before, verdict_after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    service,
    protocol,
    address,
    port,
    boot,
    at,
    from,
    to,
  )
}

function forget(connection: Connection): void {
  for (const [table, most, which] of [
    ['tenures', kept.tenures, 'ended IS NOT NULL AND'],
    ['verdict_changes', kept.verdicts, ''],
    ['watches', kept.watches, ''],
  ] as const)
    connection.run(`DELETE FROM ${table} WHERE ${which} position <= (SELECT max(position) FROM ${table}) - ?`, most)
}

/** Null where the file is of the form before there was a history and may only be read, so that it stays so. */
export function readHistory(
  connection: Connection,
  { port, open }: { readonly port?: PortNumber; readonly open?: boolean },
): History | null {
  if ((connection.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0) < 3) return null
  const own = port === undefined ? '1' : 'port = ?'
  const values = port === undefined ? [] : [port]
  const tenures = connection.all<TenureRow>(
    `SELECT * FROM tenures WHERE ${own} ${open ? 'AND ended IS NULL' : ''} ORDER BY position`,
    ...values,
  )
  const verdicts = open
    ? []
    : connection.all<VerdictRow>(`SELECT * FROM verdict_changes WHERE ${own} ORDER BY position`, ...values)
  const watches = connection.all<Watch>(
    'SELECT id, boot, begun AS "from", seen AS until, clock_offset AS "offset" FROM watches ORDER BY position',
  )
  return { tenures: tenures.map(tenureOf), verdicts: verdicts.map(verdictOf), watches }
}

function tenureOf({ begun, ended, exact, holder, ...row }: TenureRow): Tenure {
  const { key, protocol, address, port, user, boot, ending } = row
  const known = holder === null ? null : (JSON.parse(holder) as Tenure['holder'])
  return {
    key,
    protocol,
    address,
    port,
    user,
    boot,
    ending,
    holder: known,
    from: begun,
    exact: exact === 1,
    until: ended,
  }
}

function verdictOf({
  service,
  protocol,
  address,
  port,
  boot,
  at,
  verdict_before,
  verdict_after,
}: VerdictRow): VerdictChange {
  return { service, protocol, address, port, boot, at, from: verdict_before, to: verdict_after }
}
