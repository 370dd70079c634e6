import { judge } from './drift.ts'
import type { Drift } from './drift.ts'
import type { PlacedMention } from './mention.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import type { Registry } from './registry.ts'

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
  const after: Registry = {
    ...registry,
    allocations: registry.allocations.map((one) => {
      const move = one.host === host ? find(one.service, one.port) : undefined
      return move ? { ...one, port: move.to } : one
    }),
    resolutions: [
      ...registry.resolutions,
      ...moves.map(({ service, from, to }) => ({ host, service, from, to, why: '', when: null })),
    ],
  }
  return judge(mentions, after, host).flatMap(({ drift }) =>
    drift && find(drift.service, drift.mention.port) ? [drift] : [],
  )
}
