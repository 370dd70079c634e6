import { placeOf } from '../../core/cgroup.ts'
import type { Container, Published } from '../../core/container.ts'
import { isLoopback } from '../../core/address.ts'
import { cgroupOf } from '../cgroups.ts'
import { socketsInside } from '../namespaces.ts'
import type { BoundSocket } from '../listeners/bound-socket.ts'

/** The container with what is found behind its published ports. `byText`: also where that takes reading all connections of the machine. */
export function lookInside(container: Container, pid: number | null, byText: boolean): Container {
  // An engine in a virtual machine has pids of its own, which mean somebody else here.
  if (pid === null || placeOf(cgroupOf(pid) ?? '').container !== container.id) return container
  const sockets = socketsInside(pid, byText)
  return {
    ...container,
    pid,
    published: container.published.map((one) => ({ ...one, inside: sockets && stateOf(sockets, one) })),
  }
}

function stateOf(sockets: readonly BoundSocket[], { protocol, target }: Published): Published['inside'] {
  const there = sockets.filter((socket) => socket.protocol === protocol && socket.port === target)
  if (there.some(({ address }) => !isLoopback(address))) return 'listens'
  return there.length ? 'loopback' : 'nobody'
}
