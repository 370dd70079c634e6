import type { Address } from './address.ts'
import type { PortNumber, Protocol } from './port.ts'

/**
 * Which process is meant, for ever: a pid alone is used again within the hour. Equal only when all three are.
 * `start` is in clock ticks after boot (field 22 of /proc/PID/stat); elsewhere whatever the system gives that never changes for a process.
 */
export interface ProcessIdentity {
  readonly boot: string
  readonly pid: number
  readonly start: number
}

/** A process that has a listener open. A field is null where the system does not tell (another user's process). */
export interface Holder extends ProcessIdentity {
  /** The session that it belongs to: the pid of its leader, whether that still runs or not. */
  readonly session: number
  /** Name of the executable, or what the process calls itself where that cannot be read. */
  readonly name: string
  /** The command line, arguments joined by spaces; as it came, so print it only through `printable`. */
  readonly command: string
  readonly cwd: string | null
  readonly user: string | null
  /** ISO 8601. */
  readonly startedAt: string | null
}

/** A fact from the system: a socket that listens (TCP) or is bound and unconnected (UDP). */
export interface Listener {
  readonly protocol: Protocol
  readonly family: 4 | 6
  /** `*` for an IPv6 socket that takes IPv4 as well, `::` where it does not. */
  readonly address: Address
  readonly port: PortNumber
  readonly inode: number
  readonly uid: number
  /** The user's name, or the number as text where it has none. */
  readonly user: string
  /** Everyone who has it open, eldest first; empty where the holder is not visible to us. */
  readonly holders: readonly Holder[]
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.start === b.start && a.boot === b.boot
}

/** The order of every list of listeners: port, protocol, family, address, inode. Stable, so that "nothing changed" is cheap to see. */
export function compareListeners(a: Listener, b: Listener): number {
  return (
    a.port - b.port ||
    compareText(a.protocol, b.protocol) ||
    a.family - b.family ||
    compareText(a.address, b.address) ||
    a.inode - b.inode
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
