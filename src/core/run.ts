import type { ProcessIdentity } from './listener.ts'
import type { PortNumber, Protocol } from './port.ts'
import type { Ending } from './process.ts'

/** One start of a service by us. */
export interface Run {
  readonly id: string
  readonly service: string
  readonly protocol: Protocol
  readonly port: PortNumber
  /** As the person gave it, with `{port}` where it stood. */
  readonly command: string
  readonly cwd: string
  readonly log: string
  /** The first process of the run, which is the leader of a session of its own. */
  readonly process: ProcessIdentity
  /** ISO 8601. */
  readonly startedAt: string
  /** ISO 8601, null while it was not seen to end. */
  readonly endedAt: string | null
  readonly ending: Ending | null
}

/**
 * A start that is written down before its process is there: who is killed in between leaves a process that can be found by `runVariable`, and not one that
 * nobody knows of.
 */
export type Announced = Omit<Run, 'process'>

/** The variable by which every process of a run carries the run's service, for those whose ancestry is lost. */
export const serviceVariable = 'IZA_PORTS_SERVICE'
/** The variable by which every process of a run carries the run's id. */
export const runVariable = 'IZA_PORTS_RUN'

/** Whether a process was started by the same command in the same folder as a run, by somebody else: its own words, or those of the shell that became it. */
export function isLikeRun(run: Run, holder: { readonly command: string; readonly cwd: string | null }): boolean {
  const command = run.command.replaceAll('{port}', String(run.port)).replace(/\s+/g, ' ').trim()
  return holder.cwd === run.cwd && command !== '' && holder.command.replace(/\s+/g, ' ').trim() === command
}
