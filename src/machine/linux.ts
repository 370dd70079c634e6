import { compareListeners } from '../core/listener.ts'
import type { Listener } from '../core/listener.ts'
import type { ListenerFollower, ListenerQuery, Machine } from '../operations/world.ts'
import { engineSockets } from './containers/sockets.ts'
import { findHolders } from './listeners/holders.ts'
import { listSockets } from './listeners/list.ts'
import { socketWalk } from './native/descriptors.ts'
import { openLibc } from './native/libc.ts'
import { socketIndex } from './native/socket-index.ts'
import { readKernelFacts } from './kernel.ts'
import { environmentOf } from './processes/environment.ts'
import { identityOf, isAlive } from './processes/identity.ts'
import { startNow } from './processes/start-time.ts'
import { readStat } from './processes/stat.ts'
import { readProcesses } from './processes/table.ts'
import { userName } from './processes/users.ts'

/**
 * This computer, where it runs Linux: the kernel's own words from `/proc` and netlink, and system calls through `native/`. What only looks is here at once, because the board is
 * asked for all day; what acts is loaded when it does.
 */
export function linuxMachine(environment: Readonly<Record<string, string | undefined>> = {}): Machine {
  return {
    listeners,
    follow,
    processes: async () => readProcesses(),
    runHere: async (command) => (await import('./processes/foreground.ts')).runInForeground(command),
    isHealthy: async (...asked) => (await import('./health.ts')).isHealthy(...asked),
    answer: async (question) => (await import('./processes/answer.ts')).answerOf(question),
    kernel: async () => readKernelFacts(),
    self: () => identityOf({ pid: process.pid, start: readStat(process.pid)?.start ?? 0 }),
    trimMemory: async () => (await import('./native/resident.ts')).letGoOfProgram(openLibc()),
    startNow: () => startNow(),
    environmentOf: async (whose, variable) => environmentOf(whose, variable),
    signal: async (whom, signal) => (await import('./processes/signal.ts')).signalProcess(whom, signal, openLibc()),
    stopContainer: async (...asked) =>
      (await import('./containers/stop.ts')).stopContainer(engineSockets(environment), ...asked),
    alive: async (whom) => isAlive(whom),
    probe: async (endpoint) => (await import('./probe.ts')).probe(endpoint, openLibc()),
    unitEnding: async (...asked) => (await import('./processes/spawn-unit.ts')).unitEnding(...asked),
    keepSocket: async (port, title) => (await import('./keeper.ts')).keepSocket(openLibc(), port, title),
    takeSocket: async (keeper) => (await import('./keeper.ts')).takeSocket(openLibc(), keeper),
    closeSocket: (socket) => void openLibc()?.close(socket),
    knock: async (port) => (await import('./knock.ts')).knock(port),
    spawn: async (start) =>
      start.unit
        ? (await import('./processes/spawn-unit.ts')).spawnUnit(start, start.unit)
        : (await import('./processes/spawn.ts')).spawnDetached(start),
  }
}

function follow(): ListenerFollower {
  const opening = import('./listeners/follower.ts').then(({ followListeners }) => followListeners(openLibc()))
  return { look: async () => (await opening).look(), close: () => void opening.then((follower) => follower.close()) }
}

async function listeners(query: ListenerQuery): Promise<Listener[]> {
  const libc = openLibc()
  const sockets = listSockets(query, libc)
  const wanted = new Set(query.holders === 'none' ? [] : sockets.map(({ inode }) => inode))
  const extent = query.holders === 'kin' ? 'kin' : 'all'
  const holders = findHolders(wanted, extent, socketWalk(libc), libc ? socketIndex(libc) : undefined)
  return sockets
    .map((socket) => ({ ...socket, user: userName(socket.uid), holders: holders.get(socket.inode) ?? [] }))
    .toSorted(compareListeners)
}
