/** Which lines of a log are asked for. */
export interface LogFilter {
  /** Only lines that hold this text. */
  readonly grep: string | null
  /** Only lines that were written since; milliseconds of the wall clock. */
  readonly since: number | null
}

/** The time that a line begins with, in the form of ISO 8601 with or without its zone, milliseconds; null where it begins with none. */
export function timeOfLine(line: string): number | null {
  const [, day, time, zone = ''] =
    /^\W{0,2}(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\s?(Z|[+-]\d\d:?\d\d)?/.exec(line) ?? []
  if (day === undefined || time === undefined) return null
  const at = Date.parse(`${day}T${time.replace(',', '.')}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(at) ? null : at
}

/**
 * The lines that are asked for. A line that bears no time belongs to the one before it, as those of a stack trace do; those before the first time are kept,
 * because nothing says that they are older.
 */
export function linesWanted(lines: readonly string[], { grep, since }: LogFilter): string[] {
  let young = true
  return lines.filter((line) => {
    const at = since === null ? null : timeOfLine(line)
    if (at !== null && since !== null) young = at >= since
    return young && (grep === null || line.includes(grep))
  })
}
