import type { Sighting } from '../../core/sighting.ts'
import type { Connection } from './connection.ts'

interface SightingRow {
  readonly of: Sighting['of']
  readonly id: string
  readonly mark: number
  readonly boot: string
  readonly at: number
}

/** In the order in which they were kept. */
export function readSightings(connection: Connection, store: string): Sighting[] {
  return connection
    .all<SightingRow>('SELECT "of", id, mark, boot, at FROM sightings WHERE store = ? ORDER BY position', store)
    .map(({ of, id, mark, boot, at }) => ({ of, id, mark, moment: { boot, at } }))
}

export function replaceSightings(connection: Connection, store: string, sightings: readonly Sighting[]): void {
  connection.run('DELETE FROM sightings WHERE store = ?', store)
  for (const { of, id, mark, moment } of sightings) {
    connection.run(
      'INSERT INTO sightings (store, "of", id, mark, boot, at) VALUES (?, ?, ?, ?, ?, ?)',
      store,
      of,
      id,
      mark,
      moment.boot,
      moment.at,
    )
  }
}
