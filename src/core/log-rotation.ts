/** A log that is larger goes to a part of its own; 10 MiB open in every editor. */
const mostBytes = 10 * 1024 * 1024
/** What is older than a day is looked for by its day; milliseconds. */
const longestDay = 24 * 60 * 60 * 1000
/** So many older parts of a run's log are kept. */
export const keptParts = 5

/** Whether a log has to give what it holds to an older part. `age`: milliseconds since its first line, or since the last part. */
export function isFull({ size, age }: { readonly size: number; readonly age: number }): boolean {
  return size >= mostBytes || (size > 0 && age >= longestDay)
}
