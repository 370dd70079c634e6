import type { Allocation, Standing } from './allocation.ts'
import type { View } from './commit.ts'
import { Problem } from './problem.ts'
import type { Session } from './session.ts'

/**
 * How a claim goes from wanted to free without its owner saying so: held, suspect, quarantined, free, and no step is left out. Each step gives the claim a
 * new fence, so that whoever knew it before is told that it is over.
 */
export type StandingChange =
  /** The owner is there (again): whatever spoke against the claim is forgotten. A session, or null for a claim that needs none. */
  | { readonly do: 'hold'; readonly id: string; readonly fence: number; readonly session: string | null }
  /** `beat` is that which was seen for longer than the session's TTL; null where the session was not there any more. */
  | {
      readonly do: 'doubt'
      readonly id: string
      readonly fence: number
      readonly session: string
      readonly standing: Standing
      readonly beat: number | null
    }
  /** Frees what nobody wants any more; unlike `release` it is refused before the claim has come all the way. */
  | { readonly do: 'reclaim'; readonly id: string; readonly fence: number }

/** Throws `session-lost` where the session is named and not there. */
export function refuseLostSession(view: Pick<View, 'session'>, session: string | null | undefined): void {
  if (session && !view.session(session)) throw new Problem('session-lost', { session })
}

/** The claim as its owner holds it. Throws `session-lost`. */
export function held(view: Pick<View, 'session'>, allocation: Allocation, session: string | null): Allocation {
  refuseLostSession(view, session)
  const rest = withoutSession(allocation)
  return session === null ? rest : { ...rest, session }
}

/** The claim as it is held by nobody's life, and with nothing that speaks against it: so it is taken over into another registry, for sessions stay behind. */
export function withoutSession({ session: _, standing: __, ...rest }: Allocation): Allocation {
  return rest
}

/**
 * Checks that the claim may be doubted so, and gives the session that ends with it, null where it is gone. Throws `session-alive` where the session was
 * renewed after the beat that was seen, and `standing-refused` where a step would be left out.
 */
export function doubted(
  view: Pick<View, 'session'>,
  allocation: Allocation,
  { standing, beat, session: named }: Extract<StandingChange, { readonly do: 'doubt' }>,
): Session | null {
  const before = standing === 'suspect' ? undefined : 'suspect'
  if (allocation.session !== named || allocation.standing !== before) throw refused(allocation, standing)
  const session = view.session(named)
  if (session && (session.beat === null || session.beat !== beat)) {
    throw new Problem('session-alive', { session: session.id })
  }
  return session
}

/** Throws `standing-refused` for what a person chose, and for a claim whose session is not known to be lost for long enough. */
export function refuseReclaim(allocation: Allocation | undefined): void {
  if (!allocation) return
  const isOver = allocation.session === undefined || allocation.standing === 'quarantined'
  if (allocation.kind !== 'claim' || !isOver) throw refused(allocation, 'reclaimed')
}

function refused(allocation: Allocation, wanted: string): Problem {
  const standing = allocation.standing ?? (allocation.session === undefined ? 'held by no session' : 'held')
  return new Problem('standing-refused', { service: allocation.service, standing, wanted })
}
