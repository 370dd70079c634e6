import { surelyPassed } from './moment.ts'
import type { Moment } from './moment.ts'
import type { Session } from './session.ts'

/**
 * What this machine saw, and when by a clock that does not jump: a claim that nobody used and nobody wants, or a session at a beat. The mark is the claim's fence
 * or the session's beat, so that whatever happens to either makes what was seen before worth nothing.
 */
export interface Sighting {
  readonly of: 'claim' | 'session'
  readonly id: string
  readonly mark: number
  readonly moment: Moment
}

/** Whether the session that a claim names is lost: closed or ended by its store, or seen at one beat for longer than its TTL. */
export function isLost(session: Session | undefined, sightings: readonly Sighting[], now: Moment): boolean {
  if (!session) return true
  if (session.beat === null) return false
  return sightings.some(
    ({ of, id, mark, moment }) =>
      of === 'session' && id === session.id && mark === session.beat && surelyPassed(moment, now, session.ttl),
  )
}

/** What to keep of the sessions: each at its beat, as it was first seen there. */
export function sightSessions(
  sessions: readonly Session[],
  sightings: readonly Sighting[],
  now: Moment,
): readonly Sighting[] {
  const seen = new Map(sightings.filter(({ of }) => of === 'session').map((one) => [`${one.mark} ${one.id}`, one]))
  return sessions.flatMap(({ id, beat }): Sighting[] =>
    beat === null ? [] : [seen.get(`${beat} ${id}`) ?? { of: 'session', id, mark: beat, moment: now }],
  )
}
