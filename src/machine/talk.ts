import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { Certificate, Heard } from '../core/handshake.ts'
import type { Asking } from '../operations/world.ts'

/** Says something to a port of the loopback and listens until it is enough, the peer is done, or the time is over. Null where nobody accepts. */
export async function talk(asking: Asking): Promise<Heard | null> {
  const { address: host, port, bytes, most, milliseconds } = asking
  // Whose certificate it is is what we ask: it is shown, never trusted.
  const socket = asking.tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port })
  return await new Promise((resolve) => {
    const parts: Uint8Array[] = []
    let length = 0
    let connected = false
    let certificate: Certificate | null = null
    const finish = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(connected ? { bytes: Buffer.concat(parts).subarray(0, most), certificate } : null)
    }
    const timer = setTimeout(finish, milliseconds)
    socket.on(asking.tls ? 'secureConnect' : 'connect', () => {
      connected = true
      certificate = certificateOf(socket)
      if (bytes) socket.write(bytes)
    })
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (length >= most || asking.enough(Buffer.concat(parts))) finish()
    })
    socket.on('error', finish)
    socket.on('close', finish)
  })
}

function certificateOf(socket: Socket | TLSSocket): Certificate | null {
  if (!('getPeerCertificate' in socket)) return null
  const { subject, issuer, subjectaltname, valid_to: until } = socket.getPeerCertificate()
  const time = Date.parse(until ?? '')
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: (subjectaltname ?? '').split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []),
    until: Number.isFinite(time) ? new Date(time).toISOString() : null,
    protocol: socket.getProtocol(),
  }
}

function nameOf(entity: { readonly CN?: unknown; readonly O?: unknown } | undefined): string {
  const [name] = [entity?.CN, entity?.O].filter((one) => typeof one === 'string' && one !== '')
  return typeof name === 'string' ? name : 'nobody named'
}
