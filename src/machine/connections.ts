import { addressFromBytes } from '../core/address.ts'
import type { Address } from '../core/address.ts'
import type { Connection } from '../core/connection.ts'
import { isPortNumber } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { findHolders } from './listeners/holders.ts'
import { askNetlink, textOf } from './listeners/list.ts'
import { addressAt, diagRequest } from './listeners/netlink.ts'
import type { SocketReader } from './listeners/netlink.ts'
import { bytesOf } from './listeners/procnet.ts'
import { socketWalk } from './native/descriptors.ts'
import { openLibc } from './native/libc.ts'
import type { Libc } from './native/libc.ts'

/** One end of an established connection. */
interface End {
  readonly address: Address
  readonly port: PortNumber
  readonly peerAddress: Address
  readonly peerPort: PortNumber
  readonly inode: number
}

/** More clients than this are not looked for among the processes: each takes a look at descriptors, and nobody reads so many names. */
const mostClients = 64

/** Every established TCP connection to the port, with who has the other end where that is on this machine. */
export function readConnections(port: PortNumber): Connection[] {
  const libc = openLibc()
  const servers = endsOf(libc, { port })
  if (!servers.length) return []
  const clients = new Map(endsOf(libc, { peerPort: port }).map((end) => [keyOf(end), end.inode]))
  const inodes = servers.map((server) => clients.get(keyOfPeer(server)))
  const wanted = new Set(inodes.filter((inode) => inode !== undefined).slice(0, mostClients))
  const holders = findHolders(wanted, 'kin', socketWalk(libc))
  return servers.map(({ inode: _, ...connection }, index) => ({
    ...connection,
    clients: holders.get(inodes[index] ?? 0) ?? [],
  }))
}

const keyOf = ({ address, port, peerAddress, peerPort }: End): string => `${address} ${port} ${peerAddress} ${peerPort}`
const keyOfPeer = ({ address, port, peerAddress, peerPort }: End): string =>
  `${peerAddress} ${peerPort} ${address} ${port}`

const TCP_ESTABLISHED = 1

/** The kernel looks at every connection but only names those of the port: 20,000 others cost 2 ms (November 2026). */
function endsOf(libc: Libc | null, filter: { port: PortNumber } | { peerPort: PortNumber }): End[] {
  const request = (family: 4 | 6): Uint8Array => diagRequest('tcp', family, { states: 1 << TCP_ESTABLISHED, ...filter })
  return (libc && askNetlink(libc, readEnd, request)) ?? endsFromText(filter)
}

const readEnd: SocketReader<End> = (view, at) => {
  const [port, peerPort] = [view.getUint16(at + 4), view.getUint16(at + 6)]
  if (!isPortNumber(port) || !isPortNumber(peerPort)) return null
  const [address, peerAddress] = [addressAt(view, at, at + 8), addressAt(view, at, at + 24)]
  return { address, port, peerAddress, peerPort, inode: view.getUint32(at + 68, true) }
}

function endsFromText(filter: { port?: PortNumber; peerPort?: PortNumber }): End[] {
  return [textOf('/proc/net/tcp'), textOf('/proc/net/tcp6')]
    .flatMap(parseEnds)
    .filter((end) => (filter.port === undefined ? end.peerPort === filter.peerPort : end.port === filter.port))
}

/** The established connections in the text of `/proc/net/tcp` or `tcp6`, see proc_pid_net(5). */
export function parseEnds(text: string): End[] {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      const [, local = '', remote = '', state, , , , , , inode] = line.trim().split(/\s+/)
      const [here, there] = [endpointOf(local), endpointOf(remote)]
      if (state !== '01' || !here || !there) return []
      return { ...here, peerAddress: there.address, peerPort: there.port, inode: Number(inode) }
    })
}

function endpointOf(text: string): { address: Address; port: PortNumber } | null {
  const [hex = '', digits = ''] = text.split(':')
  const port = Number.parseInt(digits, 16)
  return isPortNumber(port) ? { address: addressFromBytes(bytesOf(hex)), port } : null
}
