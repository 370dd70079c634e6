import { bearingOf, endpointsOverlap } from './allocation.ts'
import type { Allocation, Bearing } from './allocation.ts'
import type { AllocationRequest } from './allocation-request.ts'
import type { Change, Effect, View } from './commit.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { Problem } from './problem.ts'
import { holds } from './range.ts'
import type { Range } from './range.ts'
import { resolutionKey, serviceKey } from './registry.ts'
import { rulingKey } from './ruling.ts'
import type { Service } from './service.ts'
import { doubted, held, refuseLostSession, refuseReclaim, withoutSession } from './standing.ts'

/** What a moved allocation takes with it. */
type Kept = Pick<Allocation, 'kind' | 'owner' | 'since' | 'expires'> & Bearing

/** The rows as the commit leaves them so far, over those that the view shows. */
export class Draft {
  readonly placed: Allocation[] = []
  readonly #view: View
  readonly #revision: number
  readonly #at: string
  readonly #changed = new Map<string, Effect>()
  readonly #givenUp = new Map<string, Allocation>()

  constructor(view: View, revision: number, at: string) {
    this.#view = view
    this.#revision = revision
    this.#at = at
  }

  effects(): Effect[] {
    return [...this.#changed.values()].filter(({ before, after }) => before !== null || after !== null)
  }

  giveUp({ id, fence }: { id: string; fence: number }): void {
    const allocation = this.#view.allocation(id)
    if (!allocation || this.#givenUp.has(id)) throw new Problem('allocation-unknown', { id })
    if (allocation.fence !== fence) throw new Problem('fenced', { id, fence, current: allocation.fence })
    this.#givenUp.set(id, allocation)
    this.#set({ row: 'allocation', key: id, before: allocation, after: null })
  }

  apply(change: Change): void {
    switch (change.do) {
      case 'put-range': {
        const key = nameKey(change.range.name)
        return this.#set({ row: 'range', key, before: this.#view.range(key), after: change.range })
      }
      case 'remove-range': {
        const key = nameKey(change.name)
        return this.#set({ row: 'range', key, before: this.#view.range(key), after: null })
      }
      case 'put-service': {
        const key = serviceKey(change.service.host, change.service.name)
        return this.#set({ row: 'service', key, before: this.#view.service(key), after: change.service })
      }
      case 'remove-service': {
        const key = serviceKey(change.host, change.name)
        return this.#set({ row: 'service', key, before: this.#view.service(key), after: null })
      }
      case 'record': {
        const key = resolutionKey(change.resolution)
        return this.#set({ row: 'resolution', key, before: this.#view.resolution(key), after: change.resolution })
      }
      case 'forget': {
        const key = resolutionKey(change.resolution)
        return this.#set({ row: 'resolution', key, before: this.#view.resolution(key), after: null })
      }
      case 'put-ruling': {
        const key = rulingKey(change.ruling)
        return this.#set({ row: 'ruling', key, before: this.#view.ruling(key), after: change.ruling })
      }
      case 'remove-ruling': {
        const key = rulingKey(change.ruling)
        return this.#set({ row: 'ruling', key, before: this.#view.ruling(key), after: null })
      }
      case 'allocate':
        refuseLostSession(this.#view, change.session)
        return this.#place(change, { ...change, since: change.since ?? this.#at }, false)
      case 'adopt': {
        const allocation = withoutSession(change.allocation)
        const request = { ...allocation, within: null, sole: false, candidates: [allocation.port] }
        return this.#place(request, allocation, this.#givenUp.has(allocation.id))
      }
      case 'move':
        return this.#again(change.id, change.candidates, (moved) => moved)
      case 'hold':
        return this.#again(change.id, null, (allocation) => held(this.#view, allocation, change.session))
      case 'doubt':
        return this.#again(change.id, null, (allocation) => {
          const ended = doubted(this.#view, allocation, change)
          if (ended) this.#set({ row: 'session', key: ended.id, before: ended, after: null })
          return { ...allocation, standing: change.standing }
        })
      case 'reclaim':
        return refuseReclaim(this.#givenUp.get(change.id))
      case 'release':
        return
    }
  }

  /** Puts an allocation back that was given up, changed, on its own port or on another one. */
  #again(id: string, candidates: readonly PortNumber[] | null, changed: (before: Allocation) => Allocation): void {
    const before = this.#givenUp.get(id)
    if (!before) return
    const request = { ...before, within: null, sole: false, candidates: candidates ?? [before.port] }
    this.#place(request, changed(before), true)
  }

  /** Takes the first candidate that is free. With one candidate the holder is named; with several only that none was left. */
  #place(request: AllocationRequest, kept: Kept, moving: boolean): void {
    if (!this.#service(request.host, request.service)) {
      throw new Problem('service-unknown', { name: request.service, nearest: null })
    }
    const namesake =
      this.placed.find(({ id }) => id === request.id) ?? (moving ? null : this.#view.allocation(request.id))
    if (namesake) throw new Problem('fenced', { id: request.id, fence: 0, current: namesake.fence })
    if (request.sole) this.#refuseSecond(request)
    const range = request.within === null ? null : this.#range(request.within)
    let blocker: Allocation | null = null
    for (const port of request.candidates) {
      if (range && !holds(range, port)) {
        throw new Problem('out-of-range', { port, range: range.name, from: range.from, to: range.to })
      }
      const { id, host, protocol, address, service } = request
      const allocation: Allocation = {
        id,
        fence: this.#revision,
        ...pick(kept),
        host,
        protocol,
        address,
        port,
        service,
      }
      const other = this.#on(allocation).find((present) => endpointsOverlap(present, allocation))
      if (!other) {
        this.#set({ row: 'allocation', key: id, before: this.#view.allocation(id), after: allocation })
        this.placed.push(allocation)
        return
      }
      blocker = other
    }
    if (!blocker || request.candidates.length > 1) {
      throw new Problem('range-full', {
        range: request.within ?? 'the ports asked for',
        tried: request.candidates.length,
      })
    }
    const { port, protocol, address, service } = blocker
    throw new Problem('conflict', { port, protocol, address, service, wanted: request.service })
  }

  #refuseSecond({ host, service, protocol }: AllocationRequest): void {
    const key = serviceKey(host, service)
    const kept = this.#view.allocationsFor(key).filter(({ id }) => !this.#givenUp.has(id))
    const [first] = [...kept, ...this.placed.filter((one) => serviceKey(one.host, one.service) === key)].filter(
      (one) => one.protocol === protocol,
    )
    if (first) throw new Problem('claimed-meanwhile', { service, port: first.port })
  }

  /** A service that goes while it still has a port would leave a promise to nobody. */
  refuseOrphans(): void {
    for (const effect of this.#changed.values()) {
      if (effect.row !== 'service' || effect.after !== null) continue
      const kept = this.#view.allocationsFor(effect.key).filter(({ id }) => !this.#givenUp.has(id))
      const placed = this.placed.filter(({ host, service }) => serviceKey(host, service) === effect.key)
      const ports = [...kept, ...placed].map(({ port }) => port)
      if (ports.length) throw new Problem('service-has-ports', { name: effect.before?.name ?? effect.key, ports })
    }
  }

  #service(host: string, name: string): Service | null {
    const key = serviceKey(host, name)
    const effect = this.#changed.get(`service ${key}`)
    return effect?.row === 'service' ? effect.after : this.#view.service(key)
  }

  #range(name: string): Range {
    const key = nameKey(name)
    const effect = this.#changed.get(`range ${key}`)
    const range = effect?.row === 'range' ? effect.after : this.#view.range(key)
    if (!range) throw new Problem('range-unknown', { name, nearest: null })
    return range
  }

  /** Who is on the port now: what the view shows, less what was given up, and what this commit placed. */
  #on({ host, protocol, port }: Allocation): Allocation[] {
    const kept = this.#view.allocationsOn(host, protocol, port).filter(({ id }) => !this.#givenUp.has(id))
    return [...kept, ...this.placed.filter((allocation) => allocation.port === port)]
  }

  #set(effect: Effect): void {
    const key = `${effect.row} ${effect.key}`
    this.#changed.set(key, { ...effect, before: this.#changed.get(key)?.before ?? effect.before } as Effect)
  }
}

function pick(kept: Kept): Kept {
  const { kind, owner, since, expires } = kept
  return { kind, owner, since, expires, ...bearingOf(kept) }
}
