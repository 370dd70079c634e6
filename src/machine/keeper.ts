import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { anyAddress, anyIPv4 } from '../core/address.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import type { PortNumber } from '../core/port.ts'
import type { KeptSocket } from '../operations/world.ts'
import { errno } from './native/errno.ts'
import { listenOn } from './native/bind.ts'
import { become, openToAll, takeDescriptor } from './native/kept-socket.ts'
import type { Libc } from './native/libc.ts'
import { identityOf, isAlive } from './processes/identity.ts'
import { readStat } from './processes/stat.ts'

/** The word by which our own program becomes a keeper. */
export const keeperWord = '--keep-socket'
/** The keeper has its socket where a service has it, too. */
const keptDescriptor = 3
/** What waits here while a service is restarted is served by the next one. The kernel cuts it to `somaxconn`. */
const queue = 4096
/** As long as `sleep` can. */
const forEver = '2147483647'

/**
 * Listens on the port for all addresses, and starts a process that has nothing to do but to have the socket open: it outlives us, and is ended like any other. `taken` where somebody is on
 * the port, `denied` where nobody could be, or this system has no way for it.
 */
export function keepSocket(libc: Libc | null, port: PortNumber, title: string): KeptSocket | 'taken' | 'denied' {
  if (!libc) return 'denied'
  let socket = listenOn(libc, 'tcp', anyAddress, port, queue)
  if (socket === -errno.EAFNOSUPPORT) socket = listenOn(libc, 'tcp', anyIPv4, port, queue)
  if (socket < 0) return socket === -errno.EADDRINUSE ? 'taken' : 'denied'
  // Compiled, the program is its own executable; otherwise it is what Bun was told to run.
  const program = Bun.main.startsWith('/$bunfs/') ? [process.execPath] : [process.execPath, Bun.main]
  const child = Bun.spawn([...program, keeperWord, title], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    stdio: ['ignore', 'ignore', 'ignore', socket],
    detached: true,
  })
  child.unref()
  return { keeper: identityOf({ pid: child.pid, start: readStat(child.pid)?.start ?? 0 }), socket }
}

/** The keeper's socket as a descriptor of our own, to be closed by whoever asked; null where it cannot be had. */
export function takeSocket(libc: Libc | null, keeper: ProcessIdentity): number | null {
  return libc && takeDescriptor(libc, keeper.pid, keptDescriptor, () => isAlive(keeper))
}

/** Goes on as a keeper until it is ended: as `sleep`, which takes half a megabyte, where that is a program of its own. */
export function becomeKeeper(libc: Libc | null, title: string): void {
  if (libc) {
    openToAll(libc)
    const sleep = Bun.which('sleep')
    if (sleep && basename(realpathSync(sleep)) === 'sleep') become(libc, sleep, [title, forEver])
  }
  setInterval(() => {}, 2 ** 30)
}
