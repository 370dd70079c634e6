import { readlinkSync } from 'node:fs'
import type { Namespace, Namespaces } from '../core/namespace.ts'
import { protocols } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { cgroupOf } from './cgroups.ts'
import type { BoundSocket } from './listeners/bound-socket.ts'
import { listSockets, textOf } from './listeners/list.ts'
import { parseProcNet } from './listeners/procnet.ts'
import { openLibc } from './native/libc.ts'
import { insideNetworkOf } from './native/network-namespace.ts'
import { readPids } from './processes/stat.ts'

/** Without privilege each look walks all connections of the machine (10 ms, November 2026): so many are looked into and the others are counted. */
const mostByText = 8

/** The network namespaces that visible processes are in. */
export function readNamespaces(port: PortNumber): Namespaces {
  const own = namespaceOf('self') ?? ''
  const others = new Map<string, number>()
  for (const pid of readPids()) {
    const name = namespaceOf(pid)
    if (name !== null && name !== own && !others.has(name)) others.set(name, pid)
  }
  const rows = [...others].map(([name, pid], index): Namespace => {
    const sockets = socketsInside(pid, index < mostByText)
    return { name, pid, cgroup: cgroupOf(pid), listens: sockets && sockets.some((socket) => socket.port === port) }
  })
  return { own, others: rows }
}

/** The listeners in the network namespace of a process. Null where we may not look, or where the text would have to be read and is not to be. */
export function socketsInside(pid: number, byText: boolean): BoundSocket[] | null {
  const libc = openLibc()
  const asked = libc && insideNetworkOf(libc, pid, () => listSockets({}, libc))
  if (asked) return asked
  if (!byText || namespaceOf(pid) === null) return null
  return protocols.flatMap((protocol) =>
    parseProcNet(protocol, textOf(`/proc/${pid}/net/${protocol}`), textOf(`/proc/${pid}/net/${protocol}6`)),
  )
}

function namespaceOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return null
  }
}
