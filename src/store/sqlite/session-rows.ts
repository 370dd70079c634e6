import type { NewSession, Session } from '../../core/session.ts'
import type { Connection } from './connection.ts'

const columns = 'id, owner, host, ttl, beat'

export function sessionOf(connection: Connection, id: string): Session | null {
  return connection.get<Session>(`SELECT ${columns} FROM sessions WHERE id = ?`, id)
}

export function readSessions(connection: Connection): Session[] {
  return connection.all<Session>(`SELECT ${columns} FROM sessions ORDER BY id`)
}

export function insertSession(connection: Connection, { id, owner, host, ttl }: NewSession): void {
  connection.run(`INSERT INTO sessions (${columns}) VALUES (?, ?, ?, ?, 0)`, id, owner, host, ttl)
}

/** Whether it was there to be renewed. */
export function renewSession(connection: Connection, id: string): boolean {
  return connection.get('UPDATE sessions SET beat = beat + 1 WHERE id = ? RETURNING beat', id) !== null
}

export function removeSession(connection: Connection, id: string): void {
  connection.run('DELETE FROM sessions WHERE id = ?', id)
}
