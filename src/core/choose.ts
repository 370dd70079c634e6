import { browserBlocked } from './browser-blocked.ts'
import type { Endpoint } from './allocation.ts'
import { allocationsAt } from './registry.ts'
import type { Registry } from './registry.ts'
import { isPortNumber } from './port.ts'
import type { PortNumber } from './port.ts'
import { holds } from './range.ts'
import type { Range } from './range.ts'

/** Both ends included. */
export interface Block {
  readonly from: number
  readonly to: number
}

/** What the kernel of the host does with ports by itself. */
export interface KernelFacts {
  /** Outgoing connections take their local ports from here: a listener may find its port in use by one. */
  readonly ephemeral: Block | null
  /** Blocks that the kernel keeps out of the ephemeral range's automatic picks (`ip_local_reserved_ports`). */
  readonly reserved: readonly Block[]
  /** Below this port only privileged processes may bind. */
  readonly unprivilegedFrom: number
}

/** What Linux does where nobody changed it: for a host that cannot be asked (kernel: Documentation/networking/ip-sysctl.rst). */
export const usualKernel: KernelFacts = {
  ephemeral: { from: 32_768, to: 60_999 },
  reserved: [],
  unprivilegedFrom: 1024,
}

/** What a port is wanted for. Only ports in `block` are chosen, unless `prefer` names one elsewhere. */
export interface Wish extends Omit<Endpoint, 'port'> {
  readonly block: Block
  /** The same text begins the search at the same port on every machine. */
  readonly seed: string
  /** Asked for by number: taken when it is free, whatever would keep the allocator away from it. */
  readonly prefer: PortNumber | null
}

export interface Surroundings {
  readonly registry: Registry
  /** Ports that something listens on. */
  readonly listening: ReadonlySet<number>
  readonly kernel: KernelFacts
  /** Ports at which people expect a well-known service. */
  readonly famous: ReadonlyMap<number, string>
}

/** Why a port is not handed out. `by` names who or what is in the way. */
export interface Exclusion {
  readonly port: number
  readonly why:
    | 'allocated'
    | 'listening'
    | 'ephemeral'
    | 'privileged'
    | 'browser-blocked'
    | 'famous'
    | 'range'
    | 'static-band'
  readonly by: string | null
}

export interface Choice {
  /** In the order of preference, at most `mostCandidates`. Empty where nothing is left. */
  readonly candidates: readonly PortNumber[]
  /** By port. Looked for when it is asked for: it takes every port of the block, and the candidates are found among the first few. */
  readonly excluded: readonly Exclusion[]
}

/** More candidates than that are not needed by any number of claimers that a store can serve at one moment, and etcd takes them in one transaction. */
export const mostCandidates = 16

/**
 * The ports to try, best first. The search begins at a place that the seed decides, so that a request gets the same port again where it is free, and
 * different requests begin at different ports. The low end of the block is left to people until the rest is full, as Kubernetes does for node ports.
 */
export function choose(wish: Wish, around: Surroundings): Choice {
  const { block, prefer } = wish
  const band = staticBand(block)
  const others = (ports: Block, start: number): Iterable<number> => without(prefer, from(ports, start))
  const upper = (): Iterable<number> => others({ from: block.from + band, to: block.to }, hash(wish.seed))
  const lower = (): Iterable<number> => others({ from: block.from, to: block.from + band - 1 }, 0)
  const preferred = prefer === null || inTheWay(wish, prefer, around) ? [] : [prefer]
  const beyond = [...preferred, ...firstFree(wish, upper(), around, mostCandidates - preferred.length)]
  const isFull = beyond.length === 0
  return {
    candidates: isFull ? firstFree(wish, lower(), around, mostCandidates) : beyond,
    get excluded() {
      const excluded = prefer === null ? [] : [inTheWay(wish, prefer, around)]
      for (const port of upper()) excluded.push(exclusionOf(wish, port, around))
      for (const port of lower())
        excluded.push(exclusionOf(wish, port, around) ?? (isFull ? null : { port, why: 'static-band', by: null }))
      return excluded.filter((one) => one !== null).toSorted((a, b) => a.port - b.port)
    },
  }
}

function firstFree(wish: Wish, ports: Iterable<number>, around: Surroundings, most: number): PortNumber[] {
  const free: PortNumber[] = []
  for (const port of ports) {
    if (free.length >= most) break
    if (isPortNumber(port) && !exclusionOf(wish, port, around)) free.push(port)
  }
  return free
}

/** `min(max(16, size / 32), 128)` ports as Kubernetes keeps them (KEP-3070), and never more than half of a small block. */
function staticBand({ from: first, to }: Block): number {
  const size = to - first + 1
  return Math.min(Math.max(16, Math.floor(size / 32)), 128, Math.floor(size / 2))
}

/** Every port of the block once, beginning at a place that the number decides. */
function* from({ from: first, to }: Block, start: number): Generator<number> {
  const size = to - first + 1
  for (let step = 0; step < size; step++) yield first + ((start + step) % size)
}

function* without(port: number | null, ports: Iterable<number>): Generator<number> {
  for (const one of ports) if (one !== port) yield one
}

function exclusionOf(wish: Wish, port: number, around: Surroundings): Exclusion | null {
  const { kernel, famous, registry } = around
  if (port < kernel.unprivilegedFrom) return { port, why: 'privileged', by: null }
  if (browserBlocked.has(port)) return { port, why: 'browser-blocked', by: null }
  if (isEphemeral(kernel, port)) return { port, why: 'ephemeral', by: null }
  const name = famous.get(port)
  if (name !== undefined) return { port, why: 'famous', by: name }
  const range = foreignRange(registry.ranges, wish.block, port)
  return range ? { port, why: 'range', by: range.name } : inTheWay(wish, port, around)
}

function inTheWay(wish: Wish, port: number, { registry, listening }: Surroundings): Exclusion | null {
  const { host, protocol, address } = wish
  const [owner] = isPortNumber(port) ? allocationsAt(registry, { host, protocol, address, port }) : []
  if (owner) return { port, why: 'allocated', by: owner.service }
  return listening.has(port) ? { port, why: 'listening', by: null } : null
}

export function isEphemeral({ ephemeral, reserved }: KernelFacts, port: number): boolean {
  const within = (block: Block): boolean => port >= block.from && port <= block.to
  return ephemeral !== null && within(ephemeral) && !reserved.some(within)
}

/** A range of somebody else that the port lies in: one that does not hold the whole block that was asked for. */
function foreignRange(ranges: readonly Range[], block: Block, port: number): Range | null {
  return ranges.find((range) => holds(range, port) && !(holds(range, block.from) && holds(range, block.to))) ?? null
}

/** FNV-1a, 32 bit: the same everywhere, and spread well enough over a few thousand ports. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  return value
}
