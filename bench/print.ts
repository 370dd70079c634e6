import type { Times } from './measure.ts'

/** A measurement's heading. */
export function heading(text: string): void {
  console.log(`\n${text}`)
}

/** `what` took so long beside a yardstick, and should take at most `most` times as long. */
export function beside(what: string, times: Times, yardstick: string, other: Times, most: number): void {
  const ratio = times.median / other.median
  line(
    what,
    `${shown(times)}, ${yardstick} ${shown(other)}, ratio ${ratio.toFixed(2)}`,
    `at most ${most}x`,
    ratio <= most,
  )
}

/** A figure beside a yardstick that nothing is promised of. */
export function compared(what: string, times: Times, yardstick: string, other: Times): void {
  line(what, `${shown(times)}, ${yardstick} ${shown(other)}, ratio ${(times.median / other.median).toFixed(2)}`)
}

/** A figure that stands alone and should be below `most`. */
export function below(what: string, figure: number, unit: string, most: number): void {
  line(what, `${figure.toFixed(unit === 'ms' || unit === '' ? 2 : 0)} ${unit}`, `below ${most} ${unit}`, figure < most)
}

/** So many of so many, where all are wanted. */
export function allOf(what: string, good: number, all: number): void {
  line(what, `${good} of ${all}`, `${all} of ${all}`, good === all)
}

export function line(what: string, figure: string, target?: string, met?: boolean): void {
  const end = target === undefined ? '' : `   [${target}: ${met ? 'met' : 'MISSED'}]`
  console.log(`  ${what.padEnd(42)} ${figure}${end}`)
}

function shown({ median, least }: Times): string {
  return `${median.toFixed(2)} ms (least ${least.toFixed(2)})`
}
