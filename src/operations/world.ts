import type { Address } from '../core/address.ts'
import type { KernelFacts } from '../core/choose.ts'
import type { Commit, Committed, Effect } from '../core/commit.ts'
import type { Connection } from '../core/connection.ts'
import type { EngineAnswers } from '../core/container.ts'
import type { Heard } from '../core/handshake.ts'
import type { Tenure, TenureEnd, VerdictChange } from '../core/history/tenure.ts'
import type { Watch } from '../core/history/watch.ts'
import type { Listener, ProcessIdentity } from '../core/listener.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import type { Ending, ProcessRow } from '../core/process.ts'
import type { HealthCheck, StopSignal } from '../core/recipe.ts'
import type { Moment } from '../core/moment.ts'
import type { Registry } from '../core/registry.ts'
import type { NewSession, Session } from '../core/session.ts'
import type { Sighting } from '../core/sighting.ts'
import type { Token } from '../core/token.ts'
import type { Namespaces } from '../core/namespace.ts'
import type { Usage } from '../core/usage.ts'
import type { Files } from './files.ts'
import type { Command, Question, Answer, Start, KeptSocket, Knock, Started } from './programs.ts'
import type { RunJournal } from './run-journal.ts'

export type { Command, Question, Answer, Start, UnitStart, KeptSocket, Knock, Started } from './programs.ts'
export type { FileEdit, Files, FolderEntry, PreparedEdits } from './files.ts'

/** All that the operations need of the outside. Whoever implements a part imports this file; nobody else decides what it must do. */
export interface World {
  /** The name under which this machine's services stand in the registry. */
  readonly host: string
  readonly registry: RegistryStore
  /** The registry at another address, for whoever closes it. Throws `store-url-invalid`. */
  registryAt(url: string): Promise<RegistryStore>
  readonly journal: Journal
  readonly machine: Machine
  readonly witness: Witness
  readonly files: Files
  readonly tokens: Tokens
  readonly clock: Clock
  /** A text that was never made before, for commits, allocations and runs. */
  newId(): string
  /** 16 hexadecimal digits of the SHA-256 of a text. At once: the Web's own digest starts two threads, which takes 2 ms of a `kill`. */
  readonly fingerprint: (text: string) => string
}

/**
 * The registry's promises, kept for longer than any process. `store/store.contract.ts` holds every implementation to this.
 *
 * Errors of all methods: `unavailable` (surely nothing was changed), `ambiguous` (the answer was lost: ask again by the id), `busy`, `disk-full`, `read-only`, `corrupt`, `newer-registry`,
 * `store-replaced`.
 */
export interface RegistryStore {
  /** Where it is, for messages: a path or a URL without secrets. */
  readonly place: string
  /** Everything, or everything that counts on one host (its own and what holds on every host), as it was at one single revision. Ordered: ranges and services as they were added, allocations by port. */
  read(query?: { readonly host?: string }): Promise<Registry>
  /**
   * All changes or none, durable before it returns, decided by `core/commit`. A commit whose id was seen before changes nothing and gives
   * the first answer again, so a caller who lost the reply asks once more with the same id. Throws what `decide` throws.
   */
  commit(commit: Commit): Promise<Committed>
  /**
   * Every commit after the revision, in order and without a gap, until the signal aborts (which ends the iteration without an error).
   * Where commits that old are no longer kept, one `resync` tells the reader to `read()` again and to skip what is not newer than that.
   */
  watch(after: number, signal: AbortSignal): AsyncIterable<WatchEvent>
  /**
   * Begins a session, which lives until it is closed or lost. Neither beginning, renewing nor closing one is a commit: the revision stays, so that nobody's
   * decision is disturbed by somebody being there. Throws what `checkSession` throws.
   */
  openSession(session: NewSession): Promise<HeldSession>
  /** Those that were begun and not closed. One that is missing here is lost; whether one that is here is lost, `core/sighting` says. */
  sessions(): Promise<readonly Session[]>
  close(): Promise<void>
}

/** A session in the hands of who began it. */
export interface HeldSession {
  readonly id: string
  /** To be called at least three times within the TTL. Throws `session-lost` where it is too late, and `unavailable` where nobody knows. */
  renew(): Promise<void>
  /** Ends it at once. A claim that still names it is left behind and becomes suspect. One that is lost already is closed without a word. */
  close(): Promise<void>
}

export type WatchEvent =
  | {
      readonly kind: 'commit'
      readonly revision: number
      readonly id: string
      readonly at: string
      readonly effects: readonly Effect[]
    }
  | { readonly kind: 'resync'; readonly revision: number }

/** What happened on this machine. Always local, never shared. */
export interface Journal extends RunJournal {
  /** What this machine saw of the claims and sessions of the registry at that place. */
  sightings(place: string): Promise<Sighting[]>
  /** Replaces them. Of two who do so at once one is lost, and a sighting that is missing only makes the next step later. */
  keepSightings(place: string, sightings: readonly Sighting[]): Promise<void>
  /** Writes down what a look found, all or nothing. What somebody else who watches has written down already stays as it is. */
  record(entry: HistoryEntry): Promise<void>
  /** What was written down, oldest first: of one port or of all, or only the tenures that are not over. The watches are always all of them. */
  history(query: { readonly port?: PortNumber; readonly open?: boolean }): Promise<History>
  close(): Promise<void>
}

export interface HistoryEntry {
  /** The watch under which it was seen, until now. */
  readonly watch: Watch
  readonly begun: readonly Tenure[]
  readonly ended: readonly TenureEnd[]
  readonly verdicts: readonly VerdictChange[]
}

export interface History {
  readonly tenures: readonly Tenure[]
  readonly verdicts: readonly VerdictChange[]
  readonly watches: readonly Watch[]
}

export interface ListenerQuery {
  /** Only these ports. */
  readonly ports?: ReadonlySet<PortNumber>
  readonly protocol?: Protocol
  /**
   * `all`: every holder of every listener (the whole process table is walked). `kin`: the youngest visible holder of each, with its parents, children and
   * twins that have it too; a descriptor that was sent to a stranger is missed, for which the walk ends early. `none`: the sockets alone, in well under a millisecond.
   */
  readonly holders: 'all' | 'kin' | 'none'
}

export interface ListenerFollower {
  /**
   * All listeners with their holders, sorted by `compareListeners`: the very same list as before when nothing has changed. Holders are those at the time when the listener or one of its
   * holders came or went; somebody who joins them otherwise may be missing for some minutes.
   */
  look(): Promise<readonly Listener[]>
  close(): void
}

/** This computer. Implementations never throw for a process that vanishes while it is looked at: it is left out. */
export interface Machine {
  /** Sorted by `compareListeners`. A listener whose holder is not visible is there with no holders. */
  listeners(query: ListenerQuery): Promise<Listener[]>
  /** The listeners again and again, where a look costs what has changed and not what is there. Whoever begins it closes it. */
  follow(): ListenerFollower
  /** The process table. Kernel threads have no arguments. */
  processes(): Promise<ProcessRow[]>
  /** Our own process. */
  self(): ProcessIdentity
  /** Gives memory back that only a start needs. */
  trimMemory(): Promise<void>
  /** The `start` that a process would have that began now. */
  startNow(): number
  /** A variable of the environment that the process was started with, null where it has none or hides it. */
  environmentOf(process: ProcessIdentity, variable: string): Promise<string | null>
  /** Signals exactly this process: its identity is checked first, and the signal cannot reach a later user of the pid. */
  signal(process: ProcessIdentity, signal: StopSignal | 'KILL'): Promise<'sent' | 'gone' | 'denied'>
  /**
   * Has its engine stop a container, which is forced after so many seconds, or after its own time. Null when it is stopped, also where it was already; else why
   * not, in words.
   */
  stopContainer(id: string, seconds: number | null, signal: AbortSignal): Promise<string | null>
  /** Whether exactly this process still runs; one that ended and was not yet waited for by its parent does not. */
  alive(process: ProcessIdentity): Promise<boolean>
  /** Asks the kernel by binding and listening at the endpoint for a moment, as a server would: `SO_REUSEADDR` for TCP, exclusively for UDP. */
  probe(endpoint: {
    readonly protocol: Protocol
    readonly address: Address
    readonly port: PortNumber
  }): Promise<'free' | 'taken' | 'denied'>
  /** What the kernel does with ports by itself. */
  kernel(): Promise<KernelFacts>
  /**
   * Listens on a TCP port for all addresses, and leaves the socket with a process that only keeps it, under this title. `taken`: somebody is there. `denied`: nobody could
   * be, or the system has no way for it.
   */
  keepSocket(port: PortNumber, title: string): Promise<KeptSocket | 'taken' | 'denied'>
  /** The socket of a keeper as a descriptor of ours; null where the keeper is gone or does not give it. */
  takeSocket(keeper: ProcessIdentity): Promise<number | null>
  closeSocket(socket: number): void
  /** A connection to a TCP port of our own loopback, by which to see that somebody takes connections there: a socket that listens does so before its service does. */
  knock(port: PortNumber): Promise<Knock>
  /** Starts a detached program: its own session, standard input closed, both outputs appended to the log. Throws `spawn-failed`, and `backend-unavailable` for a unit. */
  spawn(start: Start): Promise<Started>
  /** How a unit that was started as `Start.unit` has ended, which systemd forgets thereby. */
  unitEnding(name: string, environment: Readonly<Record<string, string>>): Promise<Ending>
  /**
   * Runs a program in the foreground, with our own input and outputs, and waits for its end. Signals that only we got are passed on. Throws `spawn-failed`.
   */
  runHere(command: Command): Promise<Ending>
  /** Asks a service on this machine how it is, once and for a few seconds at most. Never throws: what cannot be asked is not well. */
  isHealthy(check: HealthCheck, port: PortNumber, where: Omit<Command, 'command'>): Promise<boolean>
  /** Runs a program that only answers and gives what it wrote; null where there is no such program. Throws `spawn-failed`. */
  answer(question: Question): Promise<Answer | null>
}

/**
 * What this computer tells beyond its listeners, for who asks further. It only asks and never changes anything; what cannot be known is null or missing, and
 * nothing throws.
 */
export interface Witness {
  /** Whoever has the pid now, and those above it, nearest first. Empty where nobody has it. */
  lineage(pid: number): Promise<ProcessRow[]>
  usageOf(process: ProcessIdentity): Promise<Usage | null>
  /** The path of the process's control group. */
  cgroupOf(process: ProcessIdentity): Promise<string | null>
  /** The paths of the control groups in which listeners were made, by inode. Needs no privilege, whoever holds them. */
  cgroupsOfSockets(listeners: readonly Pick<Listener, 'protocol' | 'inode'>[]): Promise<ReadonlyMap<number, string>>
  /** The inodes of all sockets that the processes have open, as far as we may look. */
  socketsOf(pids: Iterable<number>): Promise<ReadonlySet<number>>
  /** Established TCP connections to the port. */
  connections(port: PortNumber): Promise<Connection[]>
  /**
   * The running containers that publish one of the ports, and those with one of the ids, of every engine whose socket is on this machine. Free where none is;
   * never takes longer than half a second: an engine that does not answer is named instead.
   */
  containers(query: {
    readonly ports: ReadonlySet<PortNumber>
    readonly ids: ReadonlySet<string>
  }): Promise<EngineAnswers>
  /** Which network namespaces there are beside ours, and whether something listens on the port in them. */
  namespaces(port: PortNumber): Promise<Namespaces>
  /** Says something to a TCP port of our own loopback and listens, for at most so long. Null where nobody accepts. */
  talk(asking: Asking): Promise<Heard | null>
}

export interface Asking {
  readonly address: '127.0.0.1' | '::1'
  readonly port: PortNumber
  /** What is said first; nothing where the server is to speak first. `tls`: a TLS handshake, the bytes inside it. */
  readonly bytes: Uint8Array | null
  readonly tls: boolean
  readonly milliseconds: number
  /** No more than so many bytes are listened to. */
  readonly most: number
  /** Asked with all that was heard so far: true ends the listening before the time is over. */
  enough(bytes: Uint8Array): boolean
}

/** The secrets by which owners are known again: kept on this machine, for this user alone. */
export interface Tokens {
  /** That of the owner, made at the first time. Throws `file-unreadable` and `file-unwritable`. */
  keep(owner: string): Promise<Token>
  /** Null where none was made here. */
  find(owner: string): Promise<Token | null>
  /** One that somebody presents. Throws `token-invalid`. */
  read(text: string): Token
}

export interface Clock {
  /** What the wall clock shows. It may jump: never measure a span with it. */
  now(): Date
  /** Milliseconds that never run backwards, from an unknown beginning. */
  elapsed(): number
  /** The moment of this machine, which another process, and a later one, can compare with its own. */
  moment(): Moment
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}
