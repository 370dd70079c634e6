/**
 * A moment of one machine, told by what no change of the wall clock moves: the boot, and the milliseconds since it. Time asleep counts
 * (CLOCK_BOOTTIME, as /proc/uptime shows it).
 */
export interface Moment {
  readonly boot: string
  readonly at: number
}
