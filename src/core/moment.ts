/**
 * A moment of one machine, told by what no change of the wall clock moves: the boot, and the milliseconds since it. Time asleep counts
 * (CLOCK_BOOTTIME, as /proc/uptime shows it).
 */
export interface Moment {
  readonly boot: string
  readonly at: number
}

/**
 * Whether that much time has surely gone by. Across boots nothing is known of the time in between, so that only the time since the later
 * boot counts: this errs to the late side and never to the early one.
 */
export function surelyPassed(since: Moment, now: Moment, milliseconds: number): boolean {
  return (since.boot === now.boot ? now.at - since.at : now.at) >= milliseconds
}
