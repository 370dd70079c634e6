import type { Address } from './address.ts'
import { sameProcess } from './listener.ts'
import type { Holder } from './listener.ts'
import type { PortNumber } from './port.ts'

/** An established TCP connection to a port of this machine, from the server's side. */
export interface Connection {
  readonly address: Address
  readonly port: PortNumber
  readonly peerAddress: Address
  readonly peerPort: PortNumber
  /** Who has the other end open, where that is on this machine and visible; else empty. */
  readonly clients: readonly Holder[]
}

/** The connections of one client: a process of this machine, or an address. */
export interface ClientGroup {
  readonly client: Holder | null
  readonly address: Address
  readonly count: number
}

/** Who is connected, the one with the most connections first. */
export function groupByClient(connections: readonly Connection[]): ClientGroup[] {
  const groups: { client: Holder | null; address: Address; count: number }[] = []
  for (const { clients, peerAddress } of connections) {
    // Several have it open only where it was inherited: the eldest made it.
    const client = clients[0] ?? null
    const group = groups.find((one) =>
      client && one.client ? sameProcess(client, one.client) : one.client === client && one.address === peerAddress,
    )
    if (group) group.count++
    else groups.push({ client, address: peerAddress, count: 1 })
  }
  return groups.toSorted((a, b) => b.count - a.count)
}
