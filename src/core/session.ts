import { parseName } from './name.ts'
import { Problem } from './problem.ts'

/** Somebody who is there: a claim that a session holds is wanted for as long as the session is renewed. */
export interface NewSession {
  /** Made by the caller, never used twice. */
  readonly id: string
  readonly owner: string
  readonly host: string
  /** Milliseconds without a renewal after which the session may be taken for lost. Nothing is freed by that alone. */
  readonly ttl: number
}

export interface Session extends NewSession {
  /**
   * Grows with every renewal. There is no deadline in it: a session is lost once an observer has seen the same beat for longer than the TTL by
   * its own steady clock, so that no jump of a wall clock ends one. Null where the store itself watches the time (etcd's leases): then a session that is listed lives.
   */
  readonly beat: number | null
}

/** Shorter ones would be lost to a machine that is merely busy, and etcd grants no lease below two seconds. */
const shortest = 2_000
/** A session is a living program's; what is to outlive it is a claim without one. */
const longest = 86_400_000

/** Throws `session-ttl-invalid` and `name-invalid`. */
export function checkSession(session: NewSession): NewSession {
  const { id, owner, host, ttl } = session
  if (!Number.isInteger(ttl) || ttl < shortest || ttl > longest) {
    throw new Problem('session-ttl-invalid', { ttl, shortest, longest })
  }
  parseName(owner, 'owner')
  return { id, owner, host, ttl }
}
