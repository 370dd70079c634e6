import { sameProcess } from '../core/listener.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import { nameKey } from '../core/name.ts'
import type { Ending } from '../core/process.ts'
import type { Announced, Run } from '../core/run.ts'
import type { Sighting } from '../core/sighting.ts'
import type { Setback } from '../core/setback.ts'
import type { Connection } from './sqlite/connection.ts'
import type { History, HistoryEntry, Journal } from '../operations/world.ts'
import { readHistory, writeHistory } from './sqlite/history.ts'
import { journalForm } from './sqlite/journal-form.ts'
import { insertRun, readAnnounced, readRuns } from './sqlite/run-rows.ts'
import { readSightings, replaceSightings } from './sqlite/sighting-rows.ts'
import { SqliteFile } from './sqlite/sqlite-file.ts'
import type { InTurn } from './sqlite/sqlite-file.ts'

/** Enough to look back over weeks of starts; at some 500 bytes a run the journal stays below a megabyte. Runs that have not ended are all kept. */
export const keptRuns = 1000

/**
 * The journal in a SQLite file, made at the first `begin`. Throws the problems of `RegistryStore`. A run that was begun is there after a kill -9;
 * after a power cut the last ones may be missing, and none of them runs any more.
 */
export function openJournal({
  path,
  inTurn,
}: {
  readonly path: string
  readonly inTurn?: InTurn
}): Journal & { close(): Promise<void> } {
  return new SqliteJournal(path, inTurn)
}

class SqliteJournal implements Journal {
  readonly #file: SqliteFile

  constructor(path: string, inTurn: InTurn | undefined) {
    this.#file = new SqliteFile(path, journalForm, inTurn)
  }

  async runs(query: { readonly service?: string; readonly unended?: boolean }): Promise<Run[]> {
    return this.#file.read([], (connection) => readRuns(connection, query))
  }

  async announced(service: string): Promise<Announced[]> {
    return this.#file.read([], (connection) => readAnnounced(connection, service))
  }

  async begin(run: Announced | Run, whileWanted = false): Promise<boolean> {
    return this.#write((connection) => insertRun(connection, run, whileWanted))
  }

  async began(id: string, { boot, pid, start }: ProcessIdentity): Promise<void> {
    this.#write((connection) =>
      connection.run(
        'UPDATE runs SET boot = ?, pid = ?, start = ? WHERE id = ? AND pid = 0 AND ended_at IS NULL',
        boot,
        pid,
        start,
        id,
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
    const key = nameKey(service)
    this.#write((connection) => {
      if (wanted) connection.run('INSERT OR REPLACE INTO wanted (service_key, service) VALUES (?, ?)', key, service)
      else for (const table of ['wanted', 'setbacks']) connection.run(`DELETE FROM ${table} WHERE service_key = ?`, key)
    })
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

  async turn(service: string): Promise<ProcessIdentity | null> {
    return this.#file.read(null, (connection) =>
      connection.get<ProcessIdentity>('SELECT boot, pid, start FROM turns WHERE service_key = ?', nameKey(service)),
    )
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

  async setbacks(): Promise<Setback[]> {
    return this.#file.read([], (connection) =>
      connection.all<Setback>('SELECT service, phase, ends, why, at FROM setbacks ORDER BY service_key'),
    )
  }

  async note(service: string, setback: Setback | null): Promise<void> {
    this.#write((connection) => {
      connection.run('DELETE FROM setbacks WHERE service_key = ?', nameKey(service))
      if (!setback) return
      const { phase, ends, why, at } = setback
      connection.run(
        'INSERT INTO setbacks (service_key, service, phase, ends, why, at) VALUES (?, ?, ?, ?, ?, ?)',
        nameKey(service),
        service,
        phase,
        ends,
        why,
        at,
      )
    })
  }

  async mark(): Promise<unknown> {
    return this.#file.mark()
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
