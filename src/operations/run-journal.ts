import type { ProcessIdentity } from '../core/listener.ts'
import type { Ending } from '../core/process.ts'
import type { Announced, Run } from '../core/run.ts'
import type { Setback } from '../core/setback.ts'

/** The part of the journal that tells of the runs of services that we started, of who is wanted and whose turn it is. */
export interface RunJournal {
  /** Runs that began, newest first: those that were not seen to end, or all of them, of one service or of every one. */
  runs(query: { readonly service?: string; readonly unended?: boolean }): Promise<Run[]>
  /** Starts of the service whose process was not told yet, newest first: somebody is about to, or was killed before. */
  announced(service: string): Promise<Announced[]>
  /**
   * Writes a start down, with its process or before it has one. `whileWanted`: only when the service is wanted at this very moment; false where it is not, and
   * nothing is written. What was said of the service's last runs is over.
   */
  begin(run: Announced | Run, whileWanted?: boolean): Promise<boolean>
  /** Tells the process of an announced run; one that has a process or has ended stays as it is. */
  began(id: string, process: ProcessIdentity): Promise<void>
  /** Records the end once; a run that has ended already stays as it is. One that was only announced never began. */
  end(id: string, ending: Ending, at: string): Promise<void>
  /** The services that are to be up, until somebody says otherwise. */
  wanted(): Promise<string[]>
  want(service: string, wanted: boolean): Promise<void>
  /**
   * Takes the right to start the service: null where it was had, or who has it. Two who start one service at the same moment start it once. `instead` takes
   * it from that process, which is known to have ended.
   */
  takeTurn(service: string, by: ProcessIdentity, instead: ProcessIdentity | null): Promise<ProcessIdentity | null>
  /** Who has the right, whether that process still runs or not. */
  turn(service: string): Promise<ProcessIdentity | null>
  /** Gives the right back, where the process has it. */
  endTurn(service: string, by: ProcessIdentity): Promise<void>
  /** What the supervisor said last of the services that are not simply up. */
  setbacks(): Promise<Setback[]>
  /** Replaces what is said of the service; null where there is nothing to say any more. */
  note(service: string, setback: Setback | null): Promise<void>
  /** A value that differs from an earlier one when another process has written in between. Costs next to nothing. */
  mark(): Promise<unknown>
}
