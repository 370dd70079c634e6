import type { Allocation } from '../allocation.ts'
import { anyAddress } from '../address.ts'
import { Rulings } from '../audit/accepted.ts'
import { audit } from '../audit/audit.ts'
import type { Finding } from '../audit/finding.ts'
import { splitLocalhost } from '../audit/rules/split-localhost.ts'
import { countsOn } from '../host.ts'
import type { PortNumber } from '../port.ts'
import { Problem } from '../problem.ts'
import { rangeOf } from '../range.ts'
import type { Range } from '../range.ts'
import { allocationsOf, findRange, findService } from '../registry.ts'
import { rangeFor } from './home-range.ts'
import { keepersOf, keepersOnOneSide } from './keepers.ts'
import type { Left, ResolvePlan, ResolveRequest, Step } from './request.ts'
import { Room } from './room.ts'
import { Standing } from './standing.ts'

/** Findings about a place that a service may leave, or keep where its users expect it. */
const aboutPlaces: ReadonlySet<string> = new Set(['inside-another-range', 'ephemeral-range'])

/** Why an allocation has to move. */
interface Cause {
  readonly ends: string[]
  readonly why: string
}

/**
 * A plan after which no error and no warning is left that a move can end, with as few moves as that takes. What is active, a claim or asked to stay is not
 * moved unless `to` names it; a service whose users expect it at its port stays there, and the finding is accepted. Throws `conflict` where
 * `to` names a port of somebody who stays.
 */
export function resolve(request: ResolveRequest): ResolvePlan {
  return new Resolving(request).plan()
}

class Resolving {
  readonly #request: ResolveRequest
  readonly #standing: Standing
  readonly #here: readonly Allocation[]
  readonly #findings: readonly Finding[]
  readonly #moving = new Map<Allocation, Cause>()
  readonly #steps: Step[] = []
  readonly #left: Left[] = []

  constructor(request: ResolveRequest) {
    this.#request = request
    this.#standing = new Standing(request)
    const { registry, host } = request.subject
    this.#here = registry.allocations.filter((one) => one.host === host)
    this.#findings = audit(request.subject).filter(({ severity }) => severity !== 'notice')
  }

  plan(): ResolvePlan {
    for (const one of this.#here) {
      const to = this.#standing.wanted(one)
      if (to !== null && to !== one.port) this.#move(one, 'asked-for', `because ${to} was asked for`)
    }
    for (const finding of this.#findings) this.#leave(finding)
    this.#partOverlapping()
    const { subject } = this.#request
    const { registry, host } = subject
    // What is promised on every host is never moved from one of them, and is in the way there all the same.
    const room = new Room(
      subject,
      registry.allocations.filter((one) => countsOn(one, host) && !this.#moving.has(one)),
    )
    for (const finding of this.#findings.filter(({ rule }) => rule === 'contradicted-resolution'))
      this.#settle(finding, room)
    this.#place(room)
    const order = ['register', 'record', 'move', 'accept']
    return { steps: this.#steps.toSorted((a, b) => order.indexOf(a.do) - order.indexOf(b.do)), left: this.#left }
  }

  /** What has to go whoever else is on its port, or stays there for a reason. */
  #leave({ rule, services, ports, facts }: Finding): void {
    const taken = rule === 'port-taken'
    if (!taken && !aboutPlaces.has(rule)) return
    for (const one of this.#named(services[0], ports[0])) {
      if (this.#moving.has(one)) {
        this.#moving.get(one)?.ends.push(rule)
        continue
      }
      const bound = this.#standing.bound(one)
      if (bound !== null) this.#left.push({ rule, service: one.service, port: one.port, why: bound })
      else if (taken) this.#move(one, rule, `because ${one.port} is taken by ${facts['holder']}`)
      else if (this.#standing.isHome(one) || this.#standing.isPreferred(one)) {
        const choice = `its users expect ${one.service} at ${one.port}`
        this.#steps.push({ do: 'accept', service: one.service, port: one.port, ends: [rule], why: choice, choice })
      } else this.#move(one, rule, `because ${one.port} lies in ${placeOf(facts)}`)
    }
  }

  /** Of those who share a port, as few as possible go. */
  #partOverlapping(): void {
    const rules = new Map<number, Set<string>>()
    for (const {
      rule,
      ports: [port],
      facts,
    } of this.#findings) {
      const ended = rule === 'duplicate-port' || (rule === 'split-localhost' && facts['by'] === 'registry')
      if (ended && port !== undefined) rules.set(port, (rules.get(port) ?? new Set()).add(rule))
    }
    // Ending a clash must not leave the two sides of localhost to two services, where somebody minds.
    const level = new Rulings(this.#request.subject).levelOf(splitLocalhost)
    const oneSide = level === 'warning' || level === 'error'
    const rest = this.#here.filter((one) => rules.has(one.port) && !this.#moving.has(one))
    for (const group of Map.groupBy(rest, ({ port, protocol }) => `${port}/${protocol}`).values()) {
      const ends = [...(rules.get(group[0]?.port ?? 0) ?? [])]
      const worth = (one: Allocation): number => this.#standing.worth(one)
      const keepers = oneSide ? keepersOnOneSide(group, worth) : keepersOf(group, worth)
      for (const one of group) if (!keepers.includes(one)) this.#part(one, keepers[0]?.service ?? '', ends)
    }
  }

  #part(allocation: Allocation, keeper: string, rules: readonly string[]): void {
    const { service, port } = allocation
    const bound = this.#standing.bound(allocation)
    for (const rule of rules) {
      if (bound === null) this.#move(allocation, rule, `because ${port} belongs to ${keeper}`)
      else this.#left.push({ rule, service, port, why: `${bound}, and ${keeper} stays as well` })
    }
  }

  /** A recorded move to a port of somebody else: the record follows the service, or the service gets a port. */
  #settle({ rule, services, ports }: Finding, room: Room): void {
    const [service = '', owner = ''] = services
    const from = ports[0] as PortNumber
    const { registry, host } = this.#request.subject
    const why = `because ${from} belongs to ${owner}`
    const [own] = allocationsOf(registry, { host, name: service })
    if (own) {
      if (this.#moving.has(own)) return void this.#moving.get(own)?.ends.push(rule)
      const choice = `${service} is registered on ${own.port}`
      this.#steps.push({ do: 'record', service, from, to: own.port, ends: [rule], why, choice })
      return
    }
    const range = rangeFor(registry.ranges, service, from)
    const asked = this.#standing.wanted({ service })
    const wish: Allocation = { ...newcomer, host, service, port: asked ?? from }
    if (asked === null && this.#standing.isPreferred({ service })) return this.#giveUp(rule, wish, owner, room)
    if (asked !== null) this.#refuseTaken(wish, room)
    const found = asked === null ? room.find(wish, range) : { port: asked, choice: `${asked} was asked for` }
    if (!found) return void this.#left.push({ rule, service, port: from, why: 'no port is free' })
    room.take({ ...wish, port: found.port })
    const { port: to, choice } = found
    this.#steps.push({ do: 'register', service, range: range?.name ?? null, from, to, ends: [rule], why, choice })
  }

  /** The recorded port goes to the preferred service, and who has it now moves. */
  #giveUp(rule: string, wish: Allocation, owner: string, room: Room): void {
    const { service, port } = wish
    for (const one of this.#named(owner, port)) {
      const bound = this.#standing.bound(one)
      if (bound !== null) return void this.#left.push({ rule, service, port, why: `${one.service} stays: ${bound}` })
      this.#move(one, rule, `because ${port} belongs to ${service}`)
      room.release(one)
    }
    room.take(wish)
    const choice = `${service} was preferred to ${owner}`
    const why = 'because it was preferred'
    this.#steps.push({ do: 'register', service, range: null, from: port, to: port, ends: [rule], why, choice })
  }

  #place(room: Room): void {
    const movers = [...this.#moving].toSorted(([a], [b]) => a.port - b.port || (a.service < b.service ? -1 : 1))
    const asked = movers.filter(([one]) => this.#standing.wanted(one) !== null)
    for (const [one] of asked) {
      const moved = { ...one, port: this.#standing.wanted(one) ?? one.port }
      this.#refuseTaken(moved, room)
      room.take(moved)
    }
    for (const [allocation, { ends, why }] of movers) {
      const to = this.#standing.wanted(allocation)
      const found =
        to === null ? room.find(allocation, this.#rangeOf(allocation)) : { port: to, choice: 'it was asked for' }
      if (!found) {
        const rule = ends[0] ?? ''
        this.#left.push({ rule, service: allocation.service, port: allocation.port, why: 'no port is free' })
        continue
      }
      if (to === null) room.take({ ...allocation, port: found.port })
      this.#steps.push({ do: 'move', allocation, to: found.port, ends, why, choice: found.choice })
    }
  }

  #refuseTaken(wanted: Allocation, room: Room): void {
    const other = room.at(wanted)
    const { port, protocol, address, service } = wanted
    if (other) throw new Problem('conflict', { port, protocol, address, service: other.service, wanted: service })
  }

  #move(allocation: Allocation, rule: string, why: string): void {
    const known = this.#moving.get(allocation)
    if (known) known.ends.push(rule)
    else this.#moving.set(allocation, { ends: [rule], why })
  }

  #named(service: string | undefined, port: number | undefined): Allocation[] {
    if (service === undefined) return []
    const { registry, host } = this.#request.subject
    return allocationsOf(registry, { host, name: service }).filter((one) => one.port === port)
  }

  #rangeOf({ host, service, port }: Allocation): Range | null {
    const { registry } = this.#request.subject
    const own = findService(registry, host, service)?.range
    return (own ? findRange(registry, own) : null) ?? rangeOf(registry.ranges, port)
  }
}

/** What is registered for a service of which only a record speaks. */
const newcomer = {
  id: '',
  fence: 0,
  kind: 'reservation',
  protocol: 'tcp',
  address: anyAddress,
  owner: null,
  since: '',
  expires: null,
} as const

function placeOf(facts: Finding['facts']): string {
  return 'otherRange' in facts ? `${facts['otherRange']}` : "the kernel's ephemeral range"
}
