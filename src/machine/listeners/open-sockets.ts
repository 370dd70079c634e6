import { compareListeners } from '../../core/listener.ts'
import type { Holder, Listener } from '../../core/listener.ts'
import type { ListenerQuery } from '../../operations/world.ts'
import type { OpenSocket } from './lsof.ts'

/** The listeners that the query asks for, one for each socket however many processes have it open, with those of them that `describe` knows. */
export function listenersOf(
  sockets: readonly OpenSocket[],
  { ports, protocol, holders }: ListenerQuery,
  describe: (pid: number) => Holder | null,
): Listener[] {
  const wanted = sockets.filter(
    (socket) => (!ports || ports.has(socket.port)) && (!protocol || socket.protocol === protocol),
  )
  const groups = Map.groupBy(wanted, ({ protocol: kind, address, port, inode, pid }) =>
    [kind, address, port, inode || `of ${pid}`].join(' '),
  )
  return [...groups.values()]
    .flatMap(([first, ...others]): Listener[] => {
      if (!first) return []
      const { pid: _, ...socket } = first
      const pids = [...new Set([first, ...others].map(({ pid }) => pid))]
      const known = holders === 'none' ? [] : pids.flatMap((pid) => describe(pid) ?? [])
      return [{ ...socket, holders: known.toSorted((a, b) => a.start - b.start || a.pid - b.pid) }]
    })
    .toSorted(compareListeners)
}
