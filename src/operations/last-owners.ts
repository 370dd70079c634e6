import { flapping } from '../core/history/tenure.ts'
import type { Tenure } from '../core/history/tenure.ts'
import { wallTimeOf } from '../core/history/watch.ts'
import type { Watch } from '../core/history/watch.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import type { World } from './world.ts'

/** A tenure as every face shows it. Times are ISO 8601. */
export interface Owner {
  port: number
  protocol: Protocol
  address: string
  user: string
  pid: number | null
  command: string | null
  cwd: string | null
  /** When it was first seen; null where the wall clock of that time is not known any more. */
  from: string | null
  /** Whether it was seen to begin; otherwise it was there already when somebody began to watch. */
  seenToBegin: boolean
  /** When it was last seen; null while it goes on, as far as somebody watched. */
  until: string | null
  /** Whether it was seen to end; otherwise it was gone when somebody watched again. */
  seenToEnd: boolean
  milliseconds: number | null
  flapping: boolean
}

/** Who had the port last, the latest first, at most so many. Empty where nobody ever watched. Throws the problems of the journal. */
export async function lastOwners(world: World, port: PortNumber, most = 5): Promise<Owner[]> {
  const { tenures, watches } = await world.journal.history({ port })
  return ownersOf(tenures, watches).slice(-most).toReversed()
}

/** The tenures with their times, in the same order. */
export function ownersOf(tenures: readonly Tenure[], watches: readonly Watch[]): Owner[] {
  const flaps = flapping(tenures)
  return tenures.map((tenure) => {
    const { boot, from, until, holder } = tenure
    return {
      port: tenure.port,
      protocol: tenure.protocol,
      address: tenure.address,
      user: tenure.user,
      pid: holder?.pid ?? null,
      command: holder && (holder.command || holder.name),
      cwd: holder?.cwd ?? null,
      from: wallTimeOf({ boot, at: from }, watches),
      seenToBegin: tenure.exact,
      until: until === null ? null : wallTimeOf({ boot, at: until }, watches),
      seenToEnd: tenure.ending === 'closed',
      milliseconds: until === null ? null : until - from,
      flapping: flaps.has(tenure.key),
    }
  })
}
