import { compareListeners } from '../core/listener.ts'
import type { Listener } from '../core/listener.ts'
import type { ListenerQuery, Machine } from '../operations/world.ts'
import { walkSockets } from './listeners/descriptors.ts'
import { followListeners } from './listeners/follower.ts'
import { findHolders } from './listeners/holders.ts'
import { listSockets } from './listeners/list.ts'
import { nativeSocketWalk } from './native/descriptors.ts'
import { openLibc } from './native/libc.ts'
import { isHealthy } from './health.ts'
import { readKernelFacts } from './kernel.ts'
import { probe } from './probe.ts'
import { answerOf } from './processes/answer.ts'
import { environmentOf } from './processes/environment.ts'
import { identityOf, isAlive } from './processes/identity.ts'
import { signalProcess } from './processes/signal.ts'
import { runInForeground } from './processes/foreground.ts'
import { spawnDetached } from './processes/spawn.ts'
import { readStat } from './processes/stat.ts'
import { readProcesses } from './processes/table.ts'
import { userName } from './processes/users.ts'

/** This computer, where it runs Linux: the kernel's own words from `/proc` and netlink, and system calls through `native/`. */
export function linuxMachine(): Machine {
  return {
    listeners,
    follow: () => followListeners(openLibc()),
    processes: async () => readProcesses(),
    runHere: runInForeground,
    isHealthy,
    answer: answerOf,
    kernel: async () => readKernelFacts(),
    self: () => identityOf({ pid: process.pid, start: readStat(process.pid)?.start ?? 0 }),
    environmentOf: async (whose, variable) => environmentOf(whose, variable),
    signal: async (whom, signal) => signalProcess(whom, signal, openLibc()),
    alive: async (whom) => isAlive(whom),
    probe: async (endpoint) => await probe(endpoint, openLibc()),
    spawn: async (start) => spawnDetached(start),
  }
}

async function listeners(query: ListenerQuery): Promise<Listener[]> {
  const libc = openLibc()
  const sockets = listSockets(query, libc)
  const wanted = new Set(query.holders === 'none' ? [] : sockets.map(({ inode }) => inode))
  const holders = findHolders(
    wanted,
    query.holders === 'kin' ? 'kin' : 'all',
    libc ? nativeSocketWalk(libc) : walkSockets,
  )
  return sockets
    .map((socket) => ({ ...socket, user: userName(socket.uid), holders: holders.get(socket.inode) ?? [] }))
    .toSorted(compareListeners)
}
