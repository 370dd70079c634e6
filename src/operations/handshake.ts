import { handshakesFor, hasOwnHandshake, isExpected } from '../catalog/handshakes.ts'
import type { Handshake, Understood } from '../catalog/handshakes.ts'
import { httpHandshake } from '../catalog/http-handshake.ts'
import type { Certificate } from '../core/handshake.ts'
import { identifyAnswer } from '../core/identify.ts'
import type { PortNumber } from '../core/port.ts'
import type { Identified } from '../core/verdict.ts'
import type { Call } from './operation.ts'
import type { Asking, World } from './world.ts'

export interface Answered {
  readonly address: Asking['address']
  readonly understood: Understood | null
  /** Which question it was that was answered. */
  readonly by: string | null
  readonly certificate: Certificate | null
}

/** How long the expected answer is waited for, and that of a server that may wait for something else: there the questions follow each other. */
const patience = { expected: 2000, other: 300 }
/** A page's title stands within. */
const mostBytes = 64 * 1024

/**
 * Asks the server at a port of the loopback who it is: the expected question first, then the others, each on a connection of its own. Null where nobody accepts.
 * Throws nothing; what does not answer is `understood: null`.
 */
export async function askServer(
  world: World,
  address: Asking['address'],
  port: PortNumber,
  service: string | null,
  call: Call,
): Promise<Answered | null> {
  const asked = { address, port, most: mostBytes }
  let silent = false
  for (const handshake of handshakesFor(port, service)) {
    if (call.signal.aborted) break
    const http = handshake === httpHandshake
    // Those who speak first were listened to once.
    if (handshake.says === null && silent) continue
    call.progress(`asking ${address} port ${port}: ${handshake.name}`)
    const milliseconds = http || isExpected(handshake, port, service) ? patience.expected : patience.other
    const enough = enoughFor(handshake)
    const heard = await world.witness.talk({ ...asked, milliseconds, bytes: handshake.says, tls: false, enough })
    if (!heard) return null
    silent ||= handshake.says === null && heard.bytes.length === 0
    const understood = handshake.understand(heard.bytes)
    // A TLS server answers plain HTTP with a refusal in plain HTTP, so that people see what is wrong.
    const refused = http && understood?.says.startsWith('HTTP 400') === true
    if (understood && !refused) return { address, understood, by: handshake.name, certificate: null }
    if (http) return await askOverTls(world, { ...asked, milliseconds }, understood)
  }
  return { address, understood: null, by: null, certificate: null }
}

async function askOverTls(
  world: World,
  asked: Pick<Asking, 'address' | 'port' | 'milliseconds' | 'most'>,
  refused: Understood | null,
): Promise<Answered> {
  const enough = enoughFor(httpHandshake)
  const heard = await world.witness.talk({ ...asked, bytes: httpHandshake.says, tls: true, enough })
  const understood = heard && httpHandshake.understand(heard.bytes)
  const by = understood || refused ? httpHandshake.name : heard ? 'TLS handshake' : null
  return { address: asked.address, understood: understood ?? refused, by, certificate: heard?.certificate ?? null }
}

/** HTTP is listened to until the title came; it closes by itself. Whoever answers another question in HTTP has said enough. */
function enoughFor(handshake: Handshake): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    const http = httpHandshake.understand(bytes)
    return handshake === httpHandshake
      ? (http?.says.includes('”') ?? false)
      : handshake.understand(bytes) !== null || http !== null
  }
}

/** Whom the answer shows the server to be, held against one service. */
export function identifyAnswered(service: string, { understood }: Answered): Identified | null {
  return understood && identifyAnswer(service, understood.program, understood.says, hasOwnHandshake(service))
}
