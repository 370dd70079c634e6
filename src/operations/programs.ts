import type { ProcessIdentity } from '../core/listener.ts'
import type { Ending } from '../core/process.ts'
import type { StopSignal } from '../core/recipe.ts'

/** What this machine is asked to run, and what it gives back. `world.ts` says who is asked. */
export interface Command {
  /** The program and its arguments, no shell in between. */
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
}

export interface Question extends Command {
  /** What it reads from its standard input. */
  readonly input: string | undefined
  /** Milliseconds after which it is ended. */
  readonly within: number
  /** Ends it at once when it aborts. */
  readonly signal: AbortSignal
}

export interface Answer {
  /** Null where a signal ended it, which is what happens when its time is over. */
  readonly code: number | null
  readonly out: string
  /** What it wrote to standard error. */
  readonly said: string
}

export interface Start extends Command {
  /** Path of the log file; its folder is made. */
  readonly log: string
  /** Bytes of memory that each of its processes may write to, null for no limit. */
  readonly memory: number | null
  /** As a transient unit of this name of the user's systemd, which is asked to stop like this; null for a process of our own. */
  readonly unit?: UnitStart | null
  /** A socket that listens, handed to it as descriptor 3 in systemd's way (`LISTEN_FDS`, sd_listen_fds(3)); null for none. */
  readonly socket?: number | null
}

export interface UnitStart {
  /** With its ending. */
  readonly name: string
  readonly service: string
  readonly stop: { readonly signal: StopSignal; readonly seconds: number }
}

/** A socket that listens, and who keeps it. The descriptor is ours to close. */
export interface KeptSocket {
  readonly keeper: ProcessIdentity
  readonly socket: number
}

export interface Knock {
  /** Whether nobody waits any more: our connection was taken. */
  isAnswered(): boolean
  end(): void
}

export interface Started {
  readonly process: ProcessIdentity
  /** How it ended, once it did; waits as long as it runs. */
  readonly ended: Promise<Ending>
}
