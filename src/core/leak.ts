import type { Allocation } from './allocation.ts'
import type { Change } from './commit.ts'
import { surelyPassed } from './moment.ts'
import type { Moment } from './moment.ts'
import type { Session } from './session.ts'
import { isLost, sightSessions } from './sighting.ts'
import type { Sighting } from './sighting.ts'

/** Why nobody wants a claim any more. `unused`: nothing else would ever end it, and nobody used it for days. */
type LeakReason = 'workspace-gone' | 'expired' | 'session-lost' | 'unused'

/** Kubernetes repairs its node ports after three sightings too: one or two can be the same pause of a service that comes back. */
export const sightingsNeeded = 3

/**
 * How far apart two sightings have to be to count as two, in milliseconds. A service that crashes is started again after a pause of at most one minute by Docker
 * and five by a kubelet, so what was unused three times five minutes apart was not in one pause. Where nothing but silence speaks against a
 * claim they are a day apart: somebody may have claimed for after the lunch.
 */
const spacing: Readonly<Record<LeakReason, number>> = {
  'workspace-gone': 5 * 60_000,
  expired: 5 * 60_000,
  'session-lost': 5 * 60_000,
  unused: 24 * 3_600_000,
}

/** By so much a wall clock is not believed where nothing else measures the time: a wrong zone, or a correction after a start without a network. */
const mistrust = 3_600_000

export interface LeakLook {
  /** The claims of one host, all at one revision, and the sessions. */
  readonly claims: readonly Allocation[]
  readonly sessions: readonly Session[]
  /** What this machine saw before. */
  readonly sightings: readonly Sighting[]
  readonly now: Moment
  /** What the wall clock shows, in milliseconds. */
  readonly wall: number
  /** Ids of claims whose workspace is not there. */
  readonly gone: ReadonlySet<string>
  /** Ids of claims at whose endpoint somebody is. */
  readonly used: ReadonlySet<string>
}

export interface Leak {
  readonly claim: Allocation
  readonly why: LeakReason
  /** How often it was seen unused, this time included, at its fence and far enough apart. */
  readonly seen: number
  readonly used: boolean
  /** Whether it may be freed now. */
  readonly free: boolean
}

export interface LeakReport {
  readonly leaks: readonly Leak[]
  /** Steps that take nothing from anybody: claims of lost sessions become suspect, those that stay unused quarantined. */
  readonly doubts: readonly Extract<Change, { readonly do: 'doubt' }>[]
  /** All that is to be kept of what was seen. */
  readonly sightings: readonly Sighting[]
}

/** What could be freed and why. Pure: who looks twice at one moment sees nothing new. */
export function findLeaks(look: LeakLook): LeakReport {
  const leaks: Leak[] = []
  const doubts: LeakReport['doubts'][number][] = []
  const kept: Sighting[] = [...sightSessions(look.sessions, look.sightings, look.now)]
  for (const claim of look.claims) {
    const why = reasonOf(claim, look)
    if (why === null) continue
    const used = look.used.has(claim.id)
    const chain = used ? [] : sighted(claim, why, look)
    kept.push(...chain)
    const doubt = doubtOf(claim, chain.length, look)
    if (doubt) doubts.push(doubt)
    const over = claim.session === undefined || claim.standing === 'quarantined'
    leaks.push({ claim, why, seen: chain.length, used, free: over && chain.length >= sightingsNeeded })
  }
  return { leaks, doubts, sightings: kept }
}

/** Whether the time that the claim was made for is surely over: by the machine's own clock where it has run since, and else not within the hour. */
export function isOver(
  { expires, since, begun }: Pick<Allocation, 'expires' | 'since' | 'begun'>,
  wall: number,
  now: Moment,
): boolean {
  if (expires === null || Date.parse(expires) > wall) return false
  if (begun?.boot === now.boot) return surelyPassed(begun, now, Date.parse(expires) - Date.parse(since))
  return Date.parse(expires) + mistrust <= wall
}

function reasonOf(claim: Allocation, { sessions, sightings, now, wall, gone }: LeakLook): LeakReason | null {
  if (claim.session !== undefined) {
    const session = sessions.find(({ id }) => id === claim.session)
    return claim.standing !== undefined || isLost(session, sightings, now) ? 'session-lost' : null
  }
  if (gone.has(claim.id)) return 'workspace-gone'
  if (isOver(claim, wall, now)) return 'expired'
  return claim.expires === null && workspaceRoot(claim) === null ? 'unused' : null
}

/** The folder that the claim is for, null where its owner is something else. */
export function workspaceRoot({ owner }: Pick<Allocation, 'owner'>): string | null {
  return owner?.startsWith('workspace:') ? owner.slice('workspace:'.length) : null
}

/** The sightings that count, with this one where it is far enough from the last. */
function sighted({ id, fence }: Allocation, why: LeakReason, { sightings, now }: LeakLook): Sighting[] {
  const chain: Sighting[] = []
  const earlier = sightings.filter((one) => one.of === 'claim' && one.id === id && one.mark === fence)
  for (const one of [...earlier, { of: 'claim', id, mark: fence, moment: now } as const]) {
    const last = chain.at(-1)
    if (!last || surelyPassed(last.moment, one.moment, spacing[why])) chain.push(one)
  }
  return chain.slice(0, sightingsNeeded)
}

function doubtOf(claim: Allocation, seen: number, { sessions }: LeakLook): LeakReport['doubts'][number] | null {
  const { id, fence, session } = claim
  if (session === undefined || claim.standing === 'quarantined') return null
  const beat = sessions.find((one) => one.id === session)?.beat ?? null
  const doubt = { do: 'doubt', id, fence, session, beat } as const
  if (claim.standing === undefined) return { ...doubt, standing: 'suspect' }
  return seen >= 2 ? { ...doubt, standing: 'quarantined' } : null
}
