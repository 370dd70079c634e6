import { compareListeners } from '../../core/listener.ts'
import type { Holder, Listener } from '../../core/listener.ts'
import type { ListenerFollower } from '../../operations/world.ts'
import type { Libc } from '../native/libc.ts'
import { socketWalk } from '../native/descriptors.ts'
import { nativePids } from '../native/pids.ts'
import { socketIndex } from '../native/socket-index.ts'
import { readPids } from '../processes/stat.ts'
import { userName } from '../processes/users.ts'
import type { BoundSocket } from './bound-socket.ts'
import type { SocketIndex, SocketWalk } from './descriptors.ts'
import { EndWatch } from './end-watch.ts'
import { findHolders } from './holders.ts'
import { KnownProcesses } from './known-processes.ts'
import { listSockets } from './list.ts'
import { findNewHolders } from './new-holders.ts'

/**
 * How often everything is looked at anew: a process that changed its title or its folder, or took a descriptor over from a stranger, is only seen by that. At 60 ms on a busy machine it
 * costs 0.02 % of a core.
 */
const everythingMilliseconds = 300_000
/** How often the list of processes is read when nothing asks for it, so that those that are unseen stay few. */
const processesMilliseconds = 10_000

/** Follows the listeners of Linux: the kernel's list at every look, and holders only of sockets that were not there before. */
export function followListeners(libc: Libc | null, walk?: SocketWalk): ListenerFollower {
  // Whoever brings a walk of their own wants everything to be found by it.
  const index = libc && !walk ? socketIndex(libc) : undefined
  const follower = new Follower(libc, walk ?? socketWalk(libc), index)
  return { look: async () => follower.look(), close: () => follower.close() }
}

class Follower {
  readonly #libc: Libc | null
  readonly #walk: SocketWalk
  readonly #index: SocketIndex | undefined
  readonly #processes: KnownProcesses
  readonly #ends: EndWatch
  /** By inode. A listener without holders is a miss: it was looked for everywhere. */
  #known = new Map<number, Listener>()
  #last: readonly Listener[] = []
  #everything = Number.NEGATIVE_INFINITY
  #listed = Number.NEGATIVE_INFINITY

  constructor(libc: Libc | null, walk: SocketWalk, index: SocketIndex | undefined) {
    this.#libc = libc
    this.#walk = walk
    this.#index = index
    this.#processes = new KnownProcesses(libc ? nativePids(libc) : readPids)
    this.#ends = new EndWatch(libc)
  }

  look(): readonly Listener[] {
    const now = performance.now()
    const sockets = listSockets({}, this.#libc)
    if (now - this.#everything >= everythingMilliseconds) {
      this.#everything = now
      this.#listed = now
      this.#processes.refresh()
      return this.#change(
        sockets,
        findHolders(new Set(sockets.map(({ inode }) => inode)), 'all', this.#walk, this.#index),
      )
    }
    const orphaned = this.#orphaned(sockets)
    const unknown = sockets.filter((socket) => !this.#isKnown(socket)).map(({ inode }) => inode)
    if (!unknown.length && !orphaned.size) {
      if (sockets.length !== this.#last.length) return this.#change(sockets, new Map())
      if (now - this.#listed >= processesMilliseconds) {
        this.#listed = now
        this.#processes.refresh()
      }
      return this.#last
    }
    const found = orphaned.size ? findHolders(orphaned, 'all', this.#walk, this.#index) : new Map<number, Holder[]>()
    for (const inode of orphaned) if (!found.has(inode)) found.set(inode, [])
    if (unknown.length) {
      this.#listed = now
      for (const [inode, holders] of findNewHolders(new Set(unknown), this.#processes, this.#walk))
        found.set(inode, holders)
    }
    return this.#change(sockets, found)
  }

  close(): void {
    this.#ends.close()
  }

  /** An inode is used again after four thousand million sockets; its place is compared for the sake of certainty. */
  #isKnown({ inode, port, protocol, address }: BoundSocket): boolean {
    const known = this.#known.get(inode)
    return known !== undefined && known.port === port && known.protocol === protocol && known.address === address
  }

  /** The sockets that live on although one of their holders has ended: a child has them, or somebody whom we did not know of. */
  #orphaned(sockets: readonly BoundSocket[]): Set<number> {
    const ended = new Set(this.#ends.ended())
    if (!ended.size) return new Set()
    const lost = sockets.filter(({ inode }) => this.#known.get(inode)?.holders.some(({ pid }) => ended.has(pid)))
    return new Set(lost.map(({ inode }) => inode))
  }

  #change(sockets: readonly BoundSocket[], found: ReadonlyMap<number, readonly Holder[]>): readonly Listener[] {
    const known = new Map<number, Listener>()
    for (const socket of sockets) {
      const before = this.#isKnown(socket) ? this.#known.get(socket.inode) : undefined
      const holders = found.get(socket.inode) ?? before?.holders ?? []
      const same = before && Bun.deepEquals(before.holders, holders)
      known.set(socket.inode, same ? before : { ...socket, user: userName(socket.uid), holders })
    }
    this.#known = known
    const list = [...known.values()].toSorted(compareListeners)
    this.#ends.watchOnly(list.flatMap(({ holders }) => holders))
    const same = list.length === this.#last.length && list.every((listener, index) => listener === this.#last[index])
    if (!same) this.#last = list
    return this.#last
  }
}
