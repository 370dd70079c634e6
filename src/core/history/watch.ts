import type { Moment } from '../moment.ts'
import type { Tenure } from './tenure.ts'

/**
 * A time in which somebody watched and the wall clock did not jump. Milliseconds since the boot; the wall clock showed `offset` more (milliseconds since 1970). It is what
 * turns moments into times that a person reads, and back.
 */
export interface Watch {
  readonly id: string
  readonly boot: string
  readonly from: number
  readonly until: number
  readonly offset: number
}

/** A wall clock that differs by more from what the machine's own count says was set. Less is the steady correction that every clock gets. */
const jumpMilliseconds = 2000

/** Whether the wall clock was set since the watch began. */
export function hasJumped({ offset }: Watch, now: Moment, wall: Date): boolean {
  return Math.abs(wall.getTime() - now.at - offset) > jumpMilliseconds
}

/** What the wall clock showed at the moment, ISO 8601; null where nobody watched in that boot. */
export function wallTimeOf({ boot, at }: Moment, watches: readonly Watch[]): string | null {
  let nearest: Watch | null = null
  let least = Infinity
  for (const watch of watches) {
    if (watch.boot !== boot) continue
    const distance = Math.max(watch.from - at, at - watch.until, 0)
    if (distance >= least) continue
    nearest = watch
    least = distance
  }
  return nearest && new Date(at + nearest.offset).toISOString()
}

/** Some time of one boot. */
export interface Stretch {
  readonly boot: string
  readonly from: number
  readonly until: number
  /** Whether somebody watched all of it. */
  readonly watched: boolean
}

/**
 * When that was by the machine's own count, in milliseconds since 1970 both: several stretches where the wall clock was set back and showed the same time twice, none where nobody
 * watched in that boot. Between two watches of one boot the clock of the earlier one holds.
 */
export function stretchesOf(from: number, until: number, watches: readonly Watch[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const [boot, own] of Map.groupBy(watches, (watch) => watch.boot)) {
    let latest: Watch | null = null
    const add = (begin: number, end: number, offset: number, watched: boolean): void => {
      const stretch = { boot, from: Math.max(begin, from - offset), until: Math.min(end, until - offset), watched }
      if (stretch.from <= stretch.until) stretches.push(stretch)
    }
    for (const watch of own.toSorted((a, b) => a.from - b.from)) {
      if (latest && watch.from > latest.until) add(latest.until + 1, watch.from - 1, latest.offset, false)
      add(watch.from, watch.until, watch.offset, true)
      if (!latest || watch.until > latest.until) latest = watch
    }
  }
  return stretches
}

/** Who had a listener in one of the stretches. A tenure that is not over lasts as long as somebody watched in its boot. */
export function heldDuring(
  tenures: readonly Tenure[],
  stretches: readonly Stretch[],
  watches: readonly Watch[],
): Tenure[] {
  const lastSeen = new Map<string, number>()
  for (const { boot, until } of watches) lastSeen.set(boot, Math.max(lastSeen.get(boot) ?? 0, until))
  return tenures.filter(({ boot, from, until }) => {
    const end = until ?? lastSeen.get(boot) ?? from
    return stretches.some((stretch) => stretch.boot === boot && from <= stretch.until && end >= stretch.from)
  })
}
