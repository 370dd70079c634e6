import { readFileSync } from 'node:fs'
import { protocols } from '../../core/port.ts'
import type { Protocol } from '../../core/port.ts'
import type { ListenerQuery } from '../../operations/world.ts'
import type { Libc } from '../native/libc.ts'
import { dumpSockets } from '../native/sock-diag.ts'
import type { BoundSocket } from './bound-socket.ts'
import { DiagAnswer, diagRequest, readListener } from './netlink.ts'
import type { SocketReader } from './netlink.ts'
import { parseProcNet } from './procnet.ts'

/** Every listener that the query asks for, in no order: from the kernel's own list, or from its text where that cannot be had. */
export function listSockets(query: Pick<ListenerQuery, 'ports' | 'protocol'>, libc: Libc | null): BoundSocket[] {
  const { ports } = query
  const sockets = (query.protocol ? [query.protocol] : protocols).flatMap(
    (protocol) => (libc && socketsFromNetlink(libc, protocol)) ?? socketsFromProcNet(protocol),
  )
  return ports ? sockets.filter(({ port }) => ports.has(port)) : sockets
}

function socketsFromNetlink(libc: Libc, protocol: Protocol): BoundSocket[] | null {
  return askNetlink(libc, readListener(protocol), (family) => diagRequest(protocol, family))
}

/** The sockets of both families. Null where the kernel does not answer, or never without being interrupted. */
export function askNetlink<Socket>(
  libc: Libc,
  read: SocketReader<Socket>,
  request: (family: 4 | 6) => Uint8Array,
): Socket[] | null {
  const sockets: Socket[] = []
  for (const family of [4, 6] as const) {
    const answer = answerOf(libc, read, request(family))
    if (!answer) return null
    sockets.push(...answer)
  }
  return sockets
}

function socketsFromProcNet(protocol: Protocol): BoundSocket[] {
  return parseProcNet(protocol, textOf(`/proc/net/${protocol}`), textOf(`/proc/net/${protocol}6`))
}

function answerOf<Socket>(libc: Libc, read: SocketReader<Socket>, request: Uint8Array): Socket[] | null {
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = new DiagAnswer(read)
    const asked = dumpSockets(libc, request, (bytes) => {
      answer.add(bytes)
      return answer.state === 'open'
    })
    if (!asked || answer.state !== 'done') return null
    if (!answer.interrupted) return answer.sockets
  }
  return null
}

/** The whole text, opened anew and read to its end: kernels 6.6.102 and 6.12.42 fail a seek in these files. Empty without IPv6. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
