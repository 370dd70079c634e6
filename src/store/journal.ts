import { sameProcess } from '../core/listener.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import { nameKey } from '../core/name.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import type { Ending } from '../core/process.ts'
import type { Run } from '../core/run.ts'
import type { Sighting } from '../core/sighting.ts'
import type { Connection } from './sqlite/connection.ts'
import type { History, HistoryEntry, Journal } from '../operations/world.ts'
import { readHistory, writeHistory } from './sqlite/history.ts'
import { journalForm } from './sqlite/journal-form.ts'
import { readSightings, replaceSightings } from './sqlite/sighting-rows.ts'
import { SqliteFile } from './sqlite/sqlite-file.ts'

/** Enough to look back over weeks of starts; at some 500 bytes a run the journal stays below a megabyte. Runs that have not ended are all kept. */
export const keptRuns = 1000

/**
 * The journal in a SQLite file, made at the first `begin`. Throws the problems of `RegistryStore`. A run that was begun is there after a kill -9;
 * after a power cut the last ones may be missing, and none of them runs any more.
 */
export function openJournal({ path }: { readonly path: string }): Journal & { close(): Promise<void> } {
  return new SqliteJournal(path)
}

interface RunRow {
  readonly id: string
  readonly service: string
  readonly protocol: Protocol
  readonly port: PortNumber
  readonly command: string
  readonly cwd: string
  readonly log: string
  readonly boot: string
  readonly pid: number
  readonly start: number
  readonly started_at: string
  readonly ended_at: string | null
  readonly exit_code: number | null
  readonly exit_signal: string | null
}

class SqliteJournal implements Journal {
  readonly #file: SqliteFile

  constructor(path: string) {
    this.#file = new SqliteFile(path, journalForm)
  }

  async runs({ service, unended }: { readonly service?: string; readonly unended?: boolean }): Promise<Run[]> {
    const conditions = [service === undefined ? null : 'service_key = ?', unended ? 'ended_at IS NULL' : null].filter(
      Boolean,
    )
    const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : ''
    return this.#file.read([], (connection) =>
      connection
        .all<RunRow>(
          `SELECT * FROM runs ${where} ORDER BY position DESC`,
          ...(service === undefined ? [] : [nameKey(service)]),
        )
        .map(runOf),
    )
  }

  async begin(run: Run): Promise<void> {
    this.#write((connection) =>
      connection.run(
        `INSERT INTO runs (id, service, service_key, protocol, port, command, cwd, log, boot, pid, start, started_at, ended_at,
           exit_code, exit_signal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...valuesOf(run),
      ),
    )
  }

  async end(id: string, ending: Ending, at: string): Promise<void> {
    // What never began or has ended already needs no write, and no file is made for it.
    const open = this.#file.read(
      false,
      (connection) => connection.get('SELECT 1 FROM runs WHERE id = ? AND ended_at IS NULL', id) !== null,
    )
    if (!open) return
    this.#write((connection) => {
      connection.run(
        'UPDATE runs SET ended_at = ?, exit_code = ?, exit_signal = ? WHERE id = ? AND ended_at IS NULL',
        at,
        ending.code,
        ending.signal,
        id,
      )
      connection.run(
        `DELETE FROM runs WHERE ended_at IS NOT NULL AND position <=
           (SELECT position FROM runs WHERE ended_at IS NOT NULL ORDER BY position DESC LIMIT 1 OFFSET ?)`,
        keptRuns,
      )
    })
  }

  async wanted(): Promise<string[]> {
    return this.#file.read([], (connection) =>
      connection
        .all<{ service: string }>('SELECT service FROM wanted ORDER BY service_key')
        .map(({ service }) => service),
    )
  }

  async want(service: string, wanted: boolean): Promise<void> {
    if ((await this.wanted()).some((one) => nameKey(one) === nameKey(service)) === wanted) return
    this.#write((connection) =>
      wanted
        ? connection.run(
            'INSERT OR REPLACE INTO wanted (service_key, service) VALUES (?, ?)',
            nameKey(service),
            service,
          )
        : connection.run('DELETE FROM wanted WHERE service_key = ?', nameKey(service)),
    )
  }

  async takeTurn(
    service: string,
    by: ProcessIdentity,
    instead: ProcessIdentity | null,
  ): Promise<ProcessIdentity | null> {
    const key = nameKey(service)
    return this.#write((connection) => {
      const held = connection.get<ProcessIdentity>('SELECT boot, pid, start FROM turns WHERE service_key = ?', key)
      if (held && !(instead && sameProcess(held, instead)) && !sameProcess(held, by)) return held
      connection.run(
        'INSERT OR REPLACE INTO turns (service_key, boot, pid, start) VALUES (?, ?, ?, ?)',
        key,
        by.boot,
        by.pid,
        by.start,
      )
      return null
    })
  }

  async endTurn(service: string, by: ProcessIdentity): Promise<void> {
    this.#write((connection) =>
      connection.run(
        'DELETE FROM turns WHERE service_key = ? AND boot = ? AND pid = ? AND start = ?',
        nameKey(service),
        by.boot,
        by.pid,
        by.start,
      ),
    )
  }

  async sightings(place: string): Promise<Sighting[]> {
    return this.#file.read([], (connection) => readSightings(connection, place))
  }

  async keepSightings(place: string, sightings: readonly Sighting[]): Promise<void> {
    this.#file.write(
      () => undefined,
      (connection) => replaceSightings(connection, place, sightings),
    )
  }

  async record(entry: HistoryEntry): Promise<void> {
    this.#file.write(
      () => undefined,
      (connection) => writeHistory(connection, entry),
    )
  }

  async history(query: Parameters<Journal['history']>[0]): Promise<History> {
    const nothing: History = { tenures: [], verdicts: [], watches: [] }
    return this.#file.read(nothing, (connection) => readHistory(connection, query) ?? nothing)
  }

  async close(): Promise<void> {
    this.#file.close()
  }

  #write<Result>(work: (connection: Connection) => Result): Result {
    return this.#file.write(() => undefined, work)
  }
}

function runOf(row: RunRow): Run {
  const { id, service, protocol, port, command, cwd, log, boot, pid, start } = row
  const ending = row.ended_at === null ? null : { code: row.exit_code, signal: row.exit_signal }
  const process = { boot, pid, start }
  return {
    id,
    service,
    protocol,
    port,
    command,
    cwd,
    log,
    process,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    ending,
  }
}

/** In the order of the columns in `begin`. */
function valuesOf({
  id,
  service,
  protocol,
  port,
  command,
  cwd,
  log,
  process,
  startedAt,
  endedAt,
  ending,
}: Run): (string | number | null)[] {
  const { boot, pid, start } = process
  const where = [service, nameKey(service), protocol, port, command, cwd, log]
  return [id, ...where, boot, pid, start, startedAt, endedAt, ending?.code ?? null, ending?.signal ?? null]
}
