/** The logs of runs as files, each with older parts beside it. */
export interface LogFiles {
  /** Bytes, null where there is no file. */
  size(path: string): Promise<number | null>
  /** The older parts of a log that are left, the eldest first. Their numbers grow and are never used again. */
  parts(log: string): Promise<LogPart[]>
  /**
   * Moves what the log holds to a new part while its writer goes on, and keeps the newest `kept` parts. What is written in the very moment of the cut, some
   * microseconds, may be lost: the writer has the file open and nobody can take it away. Throws `file-unwritable`, and then the log is as it was.
   */
  rotate(log: string, kept: number): Promise<void>
}

interface LogPart {
  readonly path: string
  readonly number: number
  /** When its last line was written; milliseconds of the wall clock. */
  readonly until: number
}

/** The path of a part, for whoever waits for it. */
export function partOf(log: string, number: number): string {
  return `${log}.${number}`
}
