import { endpointsOverlap } from '../allocation.ts'
import type { Allocation, Endpoint } from '../allocation.ts'
import type { Subject } from '../audit/finding.ts'
import { browserBlocked } from '../browser-blocked.ts'
import { isEphemeral } from '../choose.ts'
import { nameKey } from '../name.ts'
import { isPortNumber } from '../port.ts'
import type { PortNumber } from '../port.ts'
import { rangeFinder } from '../range.ts'
import type { Range } from '../range.ts'

/** The unprivileged ports below every ephemeral range that is in use, for what finds no room in a range. */
const elsewhere = { from: 1024, to: 32_767 }
const unprivileged = 1024

/** Where there is room, while a plan fills it. */
export class Room {
  readonly #subject: Subject
  readonly #rangeAt: (port: number) => Range | null
  readonly #byPort: Map<number, Allocation[]>
  readonly #listening: ReadonlySet<number>
  /** Ports at which a recorded move says that somebody is, with everybody of whom it says so. */
  readonly #recorded: ReadonlyMap<number, readonly string[]>
  /** Below these ports nothing is free in a range: what was passed over once stays passed over. */
  readonly #passed = new Map<string, number>()
  readonly #full = new Map<string, number>()

  constructor(subject: Subject, staying: readonly Allocation[]) {
    this.#subject = subject
    this.#rangeAt = rangeFinder(subject.registry.ranges)
    this.#byPort = Map.groupBy(staying, ({ port }) => port)
    this.#listening = new Set(subject.seen?.listeners.map(({ port }) => port))
    const last = new Map(
      subject.registry.resolutions
        .filter(({ host }) => host === subject.host)
        .map((one) => [nameKey(one.service), one]),
    )
    const byPort = Map.groupBy(last, ([, { to }]) => to)
    this.#recorded = new Map([...byPort].map(([port, records]) => [port, records.map(([key]) => key)]))
  }

  /** Who stays at the endpoint, so that nobody else can come there. */
  at(endpoint: Endpoint): Allocation | null {
    return this.#byPort.get(endpoint.port)?.find((other) => endpointsOverlap(other, endpoint)) ?? null
  }

  take(allocation: Allocation): void {
    const there = this.#byPort.get(allocation.port)
    if (there) there.push(allocation)
    else this.#byPort.set(allocation.port, [allocation])
  }

  /** Makes room where somebody stayed until now. */
  release(allocation: Allocation): void {
    const there = this.#byPort.get(allocation.port) ?? []
    this.#byPort.set(
      allocation.port,
      there.filter((one) => one !== allocation),
    )
  }

  /** The port for an allocation in the range: its own default where that is free, else the lowest free one, else the nearest above in no range. */
  find(allocation: Allocation, range: Range | null): { port: PortNumber; choice: string } | null {
    if (range) {
      const home = this.#lowest(allocation, range.from, range.to, range, (port) => this.#isHome(allocation, port))
      if (home !== null) return { port: home, choice: `${home} is its own default and free in ${range.name}` }
      const key = `${nameKey(range.name)} ${allocation.protocol} ${allocation.address}`
      const port = this.#lowest(allocation, this.#full.get(key) ?? range.from, range.to, range)
      this.#full.set(key, port ?? range.to + 1)
      if (port !== null) return { port, choice: `${port} is the first free port of ${range.name}` }
    }
    const start = Math.min(Math.max(elsewhere.from, allocation.port + 1), elsewhere.to)
    const port = this.#outside(allocation, start, elsewhere.to) ?? this.#outside(allocation, elsewhere.from, start - 1)
    if (port === null) return null
    const full = range ? `${range.name} is full, and ` : ''
    return { port, choice: `${full}${port} is the nearest free port above that belongs to no range` }
  }

  #lowest(
    allocation: Allocation,
    from: number,
    to: number,
    range: Range | null,
    suits: (port: number) => boolean = () => true,
  ): PortNumber | null {
    for (let port = from; port <= to; port++) {
      if (isPortNumber(port) && suits(port) && this.#isFree({ ...allocation, port }, range)) return port
    }
    return null
  }

  /** The lowest free port from there on that belongs to no range. */
  #outside(allocation: Allocation, from: number, to: number): PortNumber | null {
    for (let port = this.#skip(allocation, from); port <= to; port = this.#skip(allocation, port)) {
      if (isPortNumber(port) && this.#isFree({ ...allocation, port }, null)) return port
      this.#passed.set(`${allocation.protocol} ${port}`, port + 1)
    }
    return null
  }

  /** The first port from there on that was not passed over yet. What was passed over leads to where the search went on, so that no port is looked at often. */
  #skip({ protocol }: Allocation, from: number): number {
    let port = from
    for (
      let next = this.#passed.get(`${protocol} ${port}`);
      next !== undefined;
      next = this.#passed.get(`${protocol} ${port}`)
    )
      port = next
    for (let step = from; step < port;) {
      const next = this.#passed.get(`${protocol} ${step}`) ?? port
      this.#passed.set(`${protocol} ${step}`, port)
      step = next
    }
    return port
  }

  #isFree(wanted: Allocation, range: Range | null): boolean {
    const { port, service } = wanted
    const { kernel, known } = this.#subject
    if (this.#listening.has(port) || this.#isPromised(wanted) || this.#rangeAt(port) !== range) return false
    const recorded = this.#recorded.get(port) ?? []
    if (recorded.some((key) => key !== nameKey(service))) return false
    if (this.#isHome(wanted, port)) return true
    if (browserBlocked.has(port) || port < (kernel?.unprivilegedFrom ?? unprivileged)) return false
    return !(kernel && isEphemeral(kernel, port)) && (known?.famousAt(port) ?? null) === null
  }

  /** At any address: two services of one port, one for each family, would split localhost. */
  #isPromised({ port, protocol }: Allocation): boolean {
    return this.#byPort.get(port)?.some((other) => other.protocol === protocol) ?? false
  }

  #isHome({ service }: Pick<Allocation, 'service'>, port: number): boolean {
    return this.#subject.known?.isHome(service, port) ?? false
  }
}
