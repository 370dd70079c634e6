import type { PortNumber } from '../core/port.ts'
import type { Knock } from '../operations/world.ts'
import { askNetlink, textOf } from './listeners/list.ts'
import { diagRequest } from './listeners/netlink.ts'
import { openLibc } from './native/libc.ts'

/** Connects to the port of our own loopback and says nothing. See `Machine.knock`. */
export async function knock(port: PortNumber): Promise<Knock> {
  const connections = await Promise.allSettled(
    ['127.0.0.1', '::1'].map((hostname) => Bun.connect({ hostname, port, socket: { data() {} } })),
  )
  return {
    isAnswered: () => waitingAt(port) === 0,
    end: () => {
      for (const one of connections) if (one.status === 'fulfilled') one.value.terminate()
    },
  }
}

/** How many connections wait to be taken by whoever listens on the port: `idiag_rqueue` of a listener, inet_diag.h; `rx_queue` of proc_pid_net(5). */
function waitingAt(port: PortNumber): number {
  const libc = openLibc()
  const answer =
    libc &&
    askNetlink(
      libc,
      (view, at) => (view.getUint16(at + 4) === port ? view.getUint32(at + 56, true) : null),
      (family) => diagRequest('tcp', family),
    )
  const waiting = answer ?? waitingInText(port)
  return waiting.reduce((sum, one) => sum + one, 0)
}

function waitingInText(port: PortNumber): number[] {
  const number = port.toString(16).toUpperCase().padStart(4, '0')
  const row = new RegExp(`^\\s*\\d+: [0-9A-F]+:${number} [0-9A-F]+:0000 0A [0-9A-F]+:([0-9A-F]+)`, 'gm')
  return [textOf('/proc/net/tcp'), textOf('/proc/net/tcp6')]
    .flatMap((text) => [...text.matchAll(row)])
    .map(([, queued = '0']) => Number.parseInt(queued, 16))
}
