import type { ProcessIdentity } from '../../core/listener.ts'
import { nameKey } from '../../core/name.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import type { Announced, Run } from '../../core/run.ts'
import type { Connection } from './connection.ts'

interface RunRow {
  readonly id: string
  readonly service: string
  readonly protocol: Protocol
  readonly port: PortNumber
  readonly command: string
  readonly cwd: string
  readonly log: string
  readonly boot: string
  /** 0 while the run is only announced: no process that we could start has that number. */
  readonly pid: number
  readonly start: number
  readonly started_at: string
  readonly ended_at: string | null
  readonly exit_code: number | null
  readonly exit_signal: string | null
}

const noProcess: ProcessIdentity = { boot: '', pid: 0, start: 0 }

/** The runs that began, newest first. */
export function readRuns(
  connection: Connection,
  { service, unended }: { readonly service?: string; readonly unended?: boolean },
): Run[] {
  const conditions = ['pid <> 0']
  if (service !== undefined) conditions.push('service_key = ?')
  if (unended) conditions.push('ended_at IS NULL')
  return connection
    .all<RunRow>(
      `SELECT * FROM runs WHERE ${conditions.join(' AND ')} ORDER BY position DESC`,
      ...(service === undefined ? [] : [nameKey(service)]),
    )
    .map(runOf)
}

/** The starts that have no process yet and have not ended, newest first. */
export function readAnnounced(connection: Connection, service: string): Announced[] {
  return connection
    .all<RunRow>(
      'SELECT * FROM runs WHERE pid = 0 AND ended_at IS NULL AND service_key = ? ORDER BY position DESC',
      nameKey(service),
    )
    .map(announcedOf)
}

/** Writes the run down; where it has to be wanted and is not, nothing is, and the answer is false. */
export function insertRun(connection: Connection, run: Announced | Run, whileWanted: boolean): boolean {
  const key = nameKey(run.service)
  if (whileWanted && connection.get('SELECT 1 FROM wanted WHERE service_key = ?', key) === null) return false
  connection.run(
    `INSERT INTO runs (id, service, service_key, protocol, port, command, cwd, log, boot, pid, start, started_at, ended_at,
       exit_code, exit_signal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...valuesOf(run),
  )
  connection.run('DELETE FROM setbacks WHERE service_key = ?', key)
  return true
}

function runOf(row: RunRow): Run {
  const { boot, pid, start } = row
  return { ...announcedOf(row), process: { boot, pid, start } }
}

function announcedOf(row: RunRow): Announced {
  const { id, service, protocol, port, command, cwd, log } = row
  const ending = row.ended_at === null ? null : { code: row.exit_code, signal: row.exit_signal }
  const times = { startedAt: row.started_at, endedAt: row.ended_at }
  return { id, service, protocol, port, command, cwd, log, ...times, ending }
}

/** In the order of the columns in `insertRun`. */
function valuesOf(run: Announced | Run): (string | number | null)[] {
  const { id, service, protocol, port, command, cwd, log, startedAt, endedAt, ending } = run
  const { boot, pid, start } = 'process' in run ? run.process : noProcess
  const where = [service, nameKey(service), protocol, port, command, cwd, log]
  return [id, ...where, boot, pid, start, startedAt, endedAt, ending?.code ?? null, ending?.signal ?? null]
}
