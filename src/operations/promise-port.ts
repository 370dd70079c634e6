import { anyAddress } from '../core/address.ts'
import { parseName, withoutMark } from '../core/name.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import { change } from './change.ts'
import { planReservation } from './reserve.ts'
import type { World } from './world.ts'

interface Promised {
  readonly service: string
  readonly port: PortNumber
  readonly registered: boolean
}

interface Asked {
  readonly name: string
  /** What whoever starts it says now: refused where the registry says otherwise. */
  readonly port?: PortNumber | undefined
  /** What its recipe says: counts only where the registry does not say which port it is. */
  readonly otherwise?: PortNumber | null
  readonly protocol: Protocol
}

/** What this process asks of each registry, one after the other: of fifty who decide on one revision only one can win, again and again. */
const queues = new WeakMap<World['registry'], Promise<unknown>>()

/** The service's port in the registry, promised now where the service is new. Throws `conflict`, `runs-elsewhere`, `several-ports`. */
export function promisePort(world: World, asked: Asked): Promise<Promised> {
  const before = queues.get(world.registry) ?? Promise.resolve()
  const promised = before.then(() => promiseNow(world, asked))
  queues.set(
    world.registry,
    promised.catch(() => {}),
  )
  return promised
}

async function promiseNow(world: World, input: Asked): Promise<Promised> {
  const name = parseName(withoutMark(input.name).name, 'service')
  const { port, otherwise, protocol } = input
  const { decision } = await change(world, (registry) => {
    const known = findService(registry, world.host, name)
    const ports = (known ? allocationsOf(registry, known) : [])
      .filter((one) => one.protocol === protocol)
      .map((one) => one.port)
    const [only] = ports
    if (known && only !== undefined) {
      const meant = port ?? ports.find((one) => one === otherwise)
      if (meant === undefined && ports.length > 1) throw new Problem('several-ports', { service: known.name, ports })
      if (port !== undefined && !ports.includes(port))
        throw new Problem('runs-elsewhere', { service: known.name, port: only, asked: port })
      return { changes: [], service: known.name, port: meant ?? only, registered: false }
    }
    const first = port ?? otherwise ?? null
    if (first === null) throw new Problem('port-needed', { service: name })
    const reservation = { name, port: first, protocol, address: anyAddress, when: world.clock.now().toISOString() }
    const { changes, service, registered } = planReservation(registry, world.host, world.newId(), reservation)
    return { changes, service: service.service, port: first, registered }
  })
  return { service: decision.service, port: decision.port, registered: decision.registered }
}

/** A deed that failed gives its promise back: a service that never ran is not left in the registry. */
export async function takeBack(world: World, service: string): Promise<void> {
  await change(world, (registry) => ({
    changes: [
      ...allocationsOf(registry, { host: world.host, name: service }).map(
        ({ id, fence }) => ({ do: 'release', id, fence }) as const,
      ),
      { do: 'remove-service', host: world.host, name: service } as const,
    ],
  }))
}
