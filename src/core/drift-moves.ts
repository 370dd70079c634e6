import { judge } from './drift.ts'
import type { Drift } from './drift.ts'
import type { PlacedMention } from './mention.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { anyAddress } from './address.ts'
import type { Allocation } from './allocation.ts'
import { findService } from './registry.ts'
import type { Registry } from './registry.ts'
import type { Service } from './service.ts'

/** A port that a service leaves for another one. */
export interface PortMove {
  readonly service: string
  readonly from: PortNumber
  readonly to: PortNumber
}

/**
 * Which mentions say the old port once the moves are done, whether the registry knows of the moves already or not. Those of other services, and what was
 * wrong before for another reason, are not among them.
 */
export function sayingOldPort(
  moves: readonly PortMove[],
  mentions: readonly PlacedMention[],
  registry: Registry,
  host: string,
): Drift[] {
  const find = (service: string, port: number): PortMove | undefined =>
    moves.find((move) => nameKey(move.service) === nameKey(service) && move.from === port)
  // Of one that a record alone speaks of, the move is where it is registered.
  const unknown = moves.filter(({ service }) => !findService(registry, host, service))
  const after: Registry = {
    ...registry,
    services: [...registry.services, ...unknown.map(({ service }) => newService(host, service))],
    allocations: [
      ...registry.allocations.map((one) => {
        const move = one.host === host ? find(one.service, one.port) : undefined
        return move ? { ...one, port: move.to } : one
      }),
      ...unknown.map((move) => newAllocation(host, move)),
    ],
    resolutions: [
      ...registry.resolutions,
      ...moves.map(({ service, from, to }) => ({ host, service, from, to, why: '', when: null })),
    ],
  }
  return judge(mentions, after, host).flatMap(({ drift }) =>
    drift && find(drift.service, drift.mention.port) ? [drift] : [],
  )
}

function newService(host: string, name: string): Service {
  return { host, name, description: '', range: null, resolved: true, declared: 'reserved' }
}

function newAllocation(host: string, { service, to }: PortMove): Allocation {
  const place = { host, protocol: 'tcp', address: anyAddress, port: to } as const
  return {
    ...place,
    id: `new ${service}`,
    fence: 1,
    kind: 'reservation',
    service,
    owner: null,
    since: '',
    expires: null,
  }
}
