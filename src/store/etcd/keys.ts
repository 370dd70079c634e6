import type { Allocation, Endpoint } from '../../core/allocation.ts'
import { keyOf } from '../../core/commit.ts'
import type { Effect, Holding } from '../../core/commit.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'

/**
 * The keys of a registry below its prefix. Every part that people choose is percent-encoded, so that a slash always parts two of them; ports have five
 * digits, so that keys are in the order of ports.
 *
 * | key | value |
 * | --- | --- |
 * | `revision` | the id of the newest commit; its etcd version is the registry's revision |
 * | `ranges/{key}`, `services/{host}/{key}`, `resolutions/{host}/{key}` | the row |
 * | `rulings/{key}` | the row |
 * | `sessions/{id}` | the session; the only keys with a lease, so that nothing that was promised ends with one |
 * | `claims/{host}/{protocol}/{port}/{address}` | the allocation |
 * | `held/{host}/{service key}/{allocation id}` | the allocation as one of its service's |
 * | `ids/{allocation id}` | the keys of its claim and of its service |
 * | `byid/{commit id}` | when and what the commit did |
 * | `numbers/{revision}` | the id of the commit that made it |
 */
export class Keys {
  readonly #prefix: string
  readonly revision: string
  readonly numbers: string
  readonly commits: string
  readonly ids: string
  readonly holdings: string
  readonly sessions: string

  constructor(prefix: string) {
    this.#prefix = prefix
    this.revision = `${prefix}revision`
    this.numbers = `${prefix}numbers/`
    this.commits = `${prefix}byid/`
    this.ids = `${prefix}ids/`
    this.holdings = `${prefix}held/`
    this.sessions = `${prefix}sessions/`
  }

  ranges(): string {
    return `${this.#prefix}ranges/`
  }

  range(key: string): string {
    return this.ranges() + encodeURIComponent(key)
  }

  /** Of one host, or of all. */
  services(host?: string): string {
    return `${this.#prefix}services/${folder(host)}`
  }

  /** `key` is that of core: the host, a line break, the name. */
  service(key: string): string {
    const [host = ''] = key.split('\n', 1)
    return this.services(host) + encodeURIComponent(key.slice(host.length + 1))
  }

  resolutions(host?: string): string {
    return `${this.#prefix}resolutions/${folder(host)}`
  }

  /** `key` is that of core: a JSON array that begins with the host. */
  resolution(key: string): string {
    const [host, ...rest]: unknown[] = JSON.parse(key)
    return this.resolutions(String(host)) + encodeURIComponent(JSON.stringify(rest))
  }

  rulings(): string {
    return `${this.#prefix}rulings/`
  }

  ruling(key: string): string {
    return this.rulings() + encodeURIComponent(key)
  }

  claims(host?: string): string {
    return `${this.#prefix}claims/${folder(host)}`
  }

  port(host: string, protocol: Protocol, port: PortNumber): string {
    return `${this.claims(host)}${protocol}/${String(port).padStart(5, '0')}/`
  }

  claim({ host, protocol, port, address }: Endpoint): string {
    return this.port(host, protocol, port) + encodeURIComponent(address)
  }

  /** The folder of what a service has. `service` is the key of core. */
  held(service: string): string {
    const [host = ''] = service.split('\n', 1)
    return `${this.holdings}${folder(host)}${encodeURIComponent(service.slice(host.length + 1))}/`
  }

  holding({ host, service, id }: Holding): string {
    return this.held(keyOf.service(host, service)) + encodeURIComponent(id)
  }

  id(allocation: Allocation['id']): string {
    return this.ids + encodeURIComponent(allocation)
  }

  session(id: string): string {
    return this.sessions + encodeURIComponent(id)
  }

  commit(id: string): string {
    return this.commits + encodeURIComponent(id)
  }

  number(revision: number): string {
    return this.numbers + String(revision).padStart(16, '0')
  }

  /** The revision in a key of `number`. */
  revisionOf(number: string): number {
    return Number(number.slice(this.numbers.length))
  }

  /** The key of a row that is not an allocation. */
  row({ row, key }: Exclude<Effect, { row: 'allocation' }>): string {
    if (row === 'range') return this.range(key)
    if (row === 'ruling') return this.ruling(key)
    if (row === 'session') return this.session(key)
    return row === 'service' ? this.service(key) : this.resolution(key)
  }
}

function folder(host: string | undefined): string {
  return host === undefined ? '' : `${encodeURIComponent(host)}/`
}
