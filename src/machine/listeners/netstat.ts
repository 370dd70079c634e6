import { anyAddress, anyIPv6 } from '../../core/address.ts'
import { placeOf } from './lsof.ts'
import type { OpenSocket } from './lsof.ts'

/**
 * What `netstat -ano` wrote on Windows. The state is a word of the system's language, so a TCP row listens when its peer is a zero address with port 0. UDP rows have no state, and the
 * process stands last in each. IPv6 sockets are bound to IPv6 alone there unless they ask for more, and the table does not tell: `[::]` beside `0.0.0.0` on one port is what a
 * dual server shows as two rows.
 */
export function parseNetstat(text: string): OpenSocket[] {
  const sockets: OpenSocket[] = []
  for (const line of text.split(/\r?\n/)) {
    const [kind = '', local = '', peer = '', ...rest] = line.trim().split(/\s+/)
    const protocol = kind.toLowerCase()
    if (protocol !== 'tcp' && protocol !== 'udp') continue
    const pid = Number(rest.at(-1))
    if (!Number.isInteger(pid) || !/^(0\.0\.0\.0:0|\[::\]:0|\*:\*)$/.test(peer)) continue
    const place = placeOf(local, local.startsWith('[') ? 6 : 4)
    if (!place) continue
    sockets.push({ protocol, ...place, inode: 0, pid, uid: 0, user: '' })
  }
  return sockets.map((socket) =>
    socket.address === anyIPv6 && !hasSibling(socket, sockets) ? { ...socket, address: anyAddress } : socket,
  )
}

function hasSibling(socket: OpenSocket, all: readonly OpenSocket[]): boolean {
  return all.some(({ protocol, port, family }) => protocol === socket.protocol && port === socket.port && family === 4)
}

/** The names of programs by pid, from `tasklist /fo csv /nh`: quoted fields, the name first and the pid second. */
export function parseTasklist(text: string): Map<number, string> {
  const names = new Map<number, string>()
  for (const [, name = '', pid] of text.matchAll(/^"((?:[^"]|"")*)","(\d+)"/gm))
    names.set(Number(pid), name.replaceAll('""', '"'))
  return names
}
