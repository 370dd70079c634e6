import { endpointsOverlap } from '../../core/allocation.ts'
import type { Allocation, Endpoint } from '../../core/allocation.ts'
import type { CommitEvent } from '../follow.ts'
import { mayBeBeside } from '../contract/bind-matrix.ts'

/** The allocations as the events leave them, revision by revision. */
export class Replay {
  readonly live = new Map<string, Allocation>()
  readonly #byPort = new Map<number, Allocation[]>()

  /** Who stands in the way there, by core's rule or by the matrix that was measured. */
  blockersOf(endpoint: Endpoint): Allocation[] {
    const present = this.#byPort.get(endpoint.port) ?? []
    return present.filter(
      (other) =>
        endpointsOverlap(other, endpoint) ||
        (other.host === endpoint.host &&
          other.protocol === endpoint.protocol &&
          !mayBeBeside(other.address, endpoint.address)),
    )
  }

  apply({ effects }: CommitEvent): void {
    const changed = effects.filter((effect) => effect.row === 'allocation')
    // All that goes first: two that swap their ports are never in each other's way.
    for (const { before } of changed) if (before) this.#take(before)
    for (const { after } of changed) if (after) this.#put(after)
  }

  #take(allocation: Allocation): void {
    this.live.delete(allocation.id)
    const present = this.#byPort.get(allocation.port) ?? []
    this.#byPort.set(
      allocation.port,
      present.filter(({ id }) => id !== allocation.id),
    )
  }

  #put(allocation: Allocation): void {
    this.live.set(allocation.id, allocation)
    this.#byPort.set(allocation.port, [...(this.#byPort.get(allocation.port) ?? []), allocation])
  }
}
