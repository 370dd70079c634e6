import type { Ending } from './process.ts'
import type { RestartPolicy } from './recipe.ts'

/**
 * Where a service stands that is to be kept up. `failed` stays until a person wants it again: it ended too often, or its policy says that an end is
 * an end.
 */
type Phase = 'stopped' | 'starting' | 'ready' | 'unhealthy' | 'backing-off' | 'failed' | 'stopping'

/** Times are milliseconds of a clock that never runs backwards, from whatever beginning. */
export interface Supervised {
  readonly phase: Phase
  readonly wanted: boolean
  /** When the phase began. */
  readonly since: number
  /** When its last runs ended by themselves, oldest first; forgotten once one has stood long enough. */
  readonly ends: readonly number[]
  /** Checks in a row that went wrong. */
  readonly badChecks: number
}

export type SuperviseEvent =
  | { readonly kind: 'wanted' }
  | { readonly kind: 'unwanted' }
  /** A run was begun, by us or by a person meanwhile. */
  | { readonly kind: 'began' }
  | { readonly kind: 'became-ready' }
  | { readonly kind: 'checked'; readonly good: boolean }
  | { readonly kind: 'ended'; readonly ending: Ending }
  /** Nothing happened, and time went by. */
  | { readonly kind: 'time' }

export interface SupervisePolicy {
  readonly restart: RestartPolicy
  /** Milliseconds that a start may take. */
  readonly readyWithin: number
}

/** What the supervisor has to do now. */
export type SuperviseAct = 'start' | 'stop' | null

/** After the first end it starts again at once enough for a person not to notice, after each further one twice as late; milliseconds. */
const firstPause = 250
const longestPause = 60_000
/** So many ends, none of them after `stands`, are a crash loop: the machine has better things to do. */
const mostEnds = 8
/** A run that was ready for so long has nothing to do with the ends before it; milliseconds. */
const stands = 60_000
/** One check may meet a busy moment, three in a row do not. */
const mostBadChecks = 3

export const atRest: Supervised = { phase: 'stopped', wanted: false, since: 0, ends: [], badChecks: 0 }

/** The next state of a service after something happened at `now`, and what is to be done about it. Pure: the same history gives the same acts. */
export function supervise(
  state: Supervised,
  event: SuperviseEvent,
  policy: SupervisePolicy,
  now: number,
): { readonly state: Supervised; readonly act: SuperviseAct } {
  switch (event.kind) {
    case 'wanted':
      return wanted(state, now)
    case 'unwanted':
      return unwanted(state, now)
    case 'began':
      return { state: to(begun(state), 'starting', now), act: null }
    case 'became-ready':
      return state.phase === 'starting' || state.phase === 'unhealthy'
        ? { state: to({ ...state, badChecks: 0 }, 'ready', now), act: null }
        : { state, act: null }
    case 'checked':
      return checked(state, event.good, policy, now)
    case 'ended':
      return ended(state, event.ending, policy, now)
    case 'time':
      return timed(state, policy, now)
  }
}

/** When the supervisor has to look again though nothing happens, null where only an event matters. */
export function wakeAt(state: Supervised, policy: SupervisePolicy): number | null {
  if (state.phase === 'backing-off') return state.since + pauseAfter(state.ends.length)
  return state.phase === 'starting' ? state.since + policy.readyWithin : null
}

/** Milliseconds between an end and the next start. */
export function pauseAfter(ends: number): number {
  return Math.min(longestPause, firstPause * 2 ** Math.max(0, ends - 1))
}

function to(state: Supervised, phase: Phase, now: number): Supervised {
  return { ...state, phase, since: now }
}

function wanted(state: Supervised, now: number): { state: Supervised; act: SuperviseAct } {
  const fresh = { ...state, wanted: true }
  if (state.phase !== 'stopped' && state.phase !== 'failed' && state.phase !== 'backing-off')
    return { state: fresh, act: null }
  return { state: to({ ...fresh, ends: [], badChecks: 0 }, 'starting', now), act: 'start' }
}

function unwanted(state: Supervised, now: number): { state: Supervised; act: SuperviseAct } {
  const fresh = { ...state, wanted: false, ends: [], badChecks: 0 }
  const runs = state.phase === 'starting' || state.phase === 'ready' || state.phase === 'unhealthy'
  if (runs) return { state: to(fresh, 'stopping', now), act: 'stop' }
  return { state: state.phase === 'stopping' ? fresh : to(fresh, 'stopped', now), act: null }
}

/** A run that somebody began though we had given up is a new beginning, and one that we began ourselves is not. */
function begun(state: Supervised): Supervised {
  return { ...state, ends: state.phase === 'failed' ? [] : state.ends, badChecks: 0 }
}

function checked(
  state: Supervised,
  good: boolean,
  { restart }: SupervisePolicy,
  now: number,
): { state: Supervised; act: SuperviseAct } {
  if (state.phase !== 'ready' && state.phase !== 'unhealthy') return { state, act: null }
  if (good)
    return {
      state: state.phase === 'ready' ? { ...state, badChecks: 0 } : to({ ...state, badChecks: 0 }, 'ready', now),
      act: null,
    }
  const badChecks = state.badChecks + 1
  if (badChecks < mostBadChecks) return { state: { ...state, badChecks }, act: null }
  const unhealthy =
    state.phase === 'unhealthy' ? { ...state, badChecks } : to({ ...state, badChecks }, 'unhealthy', now)
  // Ended, it comes back by its policy; without one a person has to look.
  return { state: unhealthy, act: restart === 'no' || badChecks > mostBadChecks ? null : 'stop' }
}

function ended(
  state: Supervised,
  ending: Ending,
  { restart }: SupervisePolicy,
  now: number,
): { state: Supervised; act: SuperviseAct } {
  if (state.phase === 'stopped' || state.phase === 'failed' || state.phase === 'backing-off')
    return { state, act: null }
  if (!state.wanted) return { state: to({ ...state, ends: [], badChecks: 0 }, 'stopped', now), act: null }
  const stood = state.phase === 'ready' && now - state.since >= stands
  const ends = [...(stood ? [] : state.ends), now]
  const next = { ...state, ends, badChecks: 0 }
  // An end that we asked for because it was unhealthy is a failure whatever its code says.
  const failure = ending.code !== 0 || state.phase === 'unhealthy'
  if (restart === 'no' || (restart === 'on-failure' && !failure))
    return { state: to({ ...next, wanted: failure }, failure ? 'failed' : 'stopped', now), act: null }
  if (ends.length >= mostEnds) return { state: to(next, 'failed', now), act: null }
  return { state: to(next, 'backing-off', now), act: null }
}

function timed(state: Supervised, policy: SupervisePolicy, now: number): { state: Supervised; act: SuperviseAct } {
  const due = wakeAt(state, policy)
  if (due === null || now < due) return { state, act: null }
  if (state.phase === 'backing-off') return { state: to(state, 'starting', now), act: 'start' }
  // Not ready in time: ended, it counts as an end by itself.
  return { state: to(state, 'unhealthy', now), act: 'stop' }
}
