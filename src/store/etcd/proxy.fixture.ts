import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

export interface Proxy {
  /** What stands in an address: host and port. */
  readonly host: string
  readonly dispose: () => Promise<void>
}

/** What becomes of a piece of data on its way: passed on, or the connection is cut, after so many bytes of it. */
export type Fate = 'pass' | { readonly cutAfter: number }

/**
 * A TCP proxy on the loopback in front of one member. `up` is asked about every piece that a client sends, `down` about every piece that etcd
 * answers; both get the number of the connection.
 */
export async function startProxy(
  target: string,
  fates: {
    readonly up?: (data: Buffer, connection: number) => Fate
    readonly down?: (data: Buffer, connection: number) => Fate
  },
): Promise<Proxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((near) => {
    const connection = count++
    const far = connect(Number(port), host)
    const end = (): void => {
      near.destroy()
      far.destroy()
      sockets.delete(near)
      sockets.delete(far)
    }
    for (const [from, to, fate] of [
      [near, far, fates.up],
      [far, near, fates.down],
    ] as const) {
      sockets.add(from)
      from.on('error', end)
      from.on('close', end)
      from.on('data', (data: Buffer) => {
        const decided = fate?.(data, connection) ?? 'pass'
        if (decided === 'pass') return void to.write(data)
        if (decided.cutAfter === 0) return end()
        to.write(data.subarray(0, decided.cutAfter), end)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const dispose = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, dispose }
}
