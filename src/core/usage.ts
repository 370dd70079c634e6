/** What a process has used since it was started. */
export interface Usage {
  /** Of one processor, all threads together. */
  readonly cpuSeconds: number
  /** What lies in memory now, shared pages among it. */
  readonly memoryBytes: number
}

/** The average share of one processor, in per cent with one decimal, over the time that it has run. Null where that is too short to say. */
export function cpuPercent({ cpuSeconds }: Usage, startedAt: string | null, now: Date): number | null {
  const seconds = startedAt === null ? 0 : (now.getTime() - Date.parse(startedAt)) / 1000
  return seconds < 1 ? null : Math.round((cpuSeconds / seconds) * 1000) / 10
}

/** `48 MiB`: as people compare it. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}
