import type { Allocation } from '../allocation.ts'
import { nameKey } from '../name.ts'
import type { PortNumber } from '../port.ts'
import { findRange } from '../registry.ts'
import { findService } from '../registry.ts'
import { holds } from '../range.ts'
import type { ResolveRequest } from './request.ts'

/** What speaks for leaving an allocation where it is. */
export class Standing {
  readonly #request: ResolveRequest
  readonly #kept: ReadonlySet<string>
  readonly #preferred: ReadonlySet<string>

  constructor(request: ResolveRequest) {
    this.#request = request
    this.#kept = new Set(request.keep.map(nameKey))
    this.#preferred = new Set(request.prefer.map(nameKey))
  }

  /** Why it is not moved unless somebody asks for it by name, or null where it may be. What listens and contradicts nothing may be it. */
  bound(allocation: Allocation): string | null {
    if (this.#kept.has(nameKey(allocation.service))) return 'it was asked to stay'
    if (allocation.kind === 'claim') return `it is a claim of ${allocation.owner ?? 'somebody'}`
    const verdict = this.#request.subject.seen?.judged.get(allocation)?.verdict
    if (verdict === 'active') return 'it is active'
    return verdict === 'unverified' ? 'something listens there that may be it' : null
  }

  /** Where a person wants the service to go. */
  wanted({ service }: Pick<Allocation, 'service'>): PortNumber | null {
    return this.#request.to.get(nameKey(service)) ?? null
  }

  isPreferred({ service }: Pick<Allocation, 'service'>): boolean {
    return this.#preferred.has(nameKey(service))
  }

  isHome({ service, port }: Pick<Allocation, 'service' | 'port'>): boolean {
    return this.#request.subject.known?.isHome(service, port) ?? false
  }

  /**
   * How much it is worth that it stays, against others on its port: what is bound more than any number of others, who is preferred more than the number of
   * moves, then every one alike; among those its own default, its own range, and what the document calls active decide.
   */
  worth(allocation: Allocation): number {
    const { registry } = this.#request.subject
    const service = findService(registry, allocation.host, allocation.service)
    const range = service?.range ? findRange(registry, service.range) : null
    return (
      (this.bound(allocation) ? 1e9 : 0) +
      (this.isPreferred(allocation) ? 1e6 : 0) +
      1e3 +
      (this.isHome(allocation) ? 4 : 0) +
      (range && holds(range, allocation.port) ? 2 : 0) +
      (service?.declared === 'active' ? 1 : 0)
    )
  }
}
