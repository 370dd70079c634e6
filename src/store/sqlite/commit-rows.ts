import type { Commit, Committed, Effect } from '../../core/commit.ts'
import type { CommitEvent } from '../follow.ts'
import { keptCommits } from '../kept-commits.ts'
import type { Connection } from './connection.ts'

/** The answer that the commit with this id got, null where there was none or it is no longer kept. */
export function answerTo(connection: Connection, id: string): Committed | null {
  const row = connection.get<{ committed: string }>('SELECT committed FROM commits WHERE id = ?', id)
  const committed: Committed | null = row && JSON.parse(row.committed)
  return committed
}

/** Remembers the commit, makes its revision the current one and forgets the oldest commit that is too many. */
export function recordCommit(
  connection: Connection,
  commit: Commit,
  effects: readonly Effect[],
  committed: Committed,
): void {
  const { revision } = committed
  connection.run(
    'INSERT INTO commits (revision, id, at, effects, committed) VALUES (?, ?, ?, ?, ?)',
    revision,
    commit.id,
    commit.at,
    JSON.stringify(effects),
    JSON.stringify(committed),
  )
  connection.run('DELETE FROM commits WHERE revision <= ?', revision - keptCommits)
  connection.run('UPDATE meta SET revision = ?', revision)
}

/** The oldest kept commits after the revision. */
export function commitsAfter(connection: Connection, revision: number, most: number): CommitEvent[] {
  return connection
    .all<{ revision: number; id: string; at: string; effects: string }>(
      'SELECT revision, id, at, effects FROM commits WHERE revision > ? ORDER BY revision LIMIT ?',
      revision,
      most,
    )
    .map((row) => {
      const effects: Effect[] = JSON.parse(row.effects)
      return { kind: 'commit', ...row, effects }
    })
}
