import type { Allocation } from '../core/allocation.ts'
import { audit } from '../core/audit/audit.ts'
import type { Finding, Severity } from '../core/audit/finding.ts'
import { publishersOf } from '../core/container.ts'
import type { Container, UnansweredEngine } from '../core/container.ts'
import type { Holder, Listener } from '../core/listener.ts'
import type { Protocol } from '../core/port.ts'
import type { Range } from '../core/range.ts'
import { findService } from '../core/registry.ts'
import { listenersAt } from '../core/verdict.ts'
import type { Judgement, Verdict } from '../core/verdict.ts'
import { knownFor } from '../catalog/known-services.ts'
import { nothingBehind } from './behind.ts'
import type { Behind } from './behind.ts'
import { hostMeant, isHere, readHost } from './host-meant.ts'
import { look } from './look.ts'
import type { Look } from './look.ts'
import type { World } from './world.ts'

/**
 * The board: what `status` answers. It stands apart from the operation because it is asked for all day, by prompts and scripts: loading the schemas
 * alone would take as long as the whole answer (zod, 5 ms).
 */
export interface Board {
  host: string
  /** False where the host is not this machine: its listeners were not looked at, so no verdict can be told, and none is counted. */
  looked: boolean
  at: string
  revision: number
  ranges: Range[]
  services: BoardService[]
  strays: ({ port: number; protocol: Protocol; address: string; user: string; holders: ShownHolder[] } & Beyond)[]
  /** Listeners of which no holder is visible: another user's, or outside of this container. */
  hidden: number
  /** Engines whose socket is there and who said nothing of use. */
  unanswered: UnansweredEngine[]
  totals: Record<'services' | Verdict | 'strays' | 'findings', number>
}

/** Who is behind it, where that is more than a process. */
interface Beyond {
  unit: string | null
  container: ShownContainer | null
}

export type ShownContainer = Pick<Container, 'engine' | 'name' | 'image' | 'project' | 'service'>

export function showContainer({ engine, name, image, project, service }: Container): ShownContainer {
  return { engine, name, image, project, service }
}

export interface BoardService extends Beyond {
  name: string
  /** `*` for what is promised on every host. */
  host: string
  port: number
  protocol: Protocol
  address: string
  range: string | null
  description: string
  /** Null where the host was not looked at. */
  verdict: Verdict | null
  resolved: boolean
  holders: ShownHolder[]
  /** The rules that found something about this service on this port. */
  findings: string[]
  /** That of the worst of them. */
  worst: Severity | null
}

/** What every face shows of a holder. */
export type ShownHolder = Pick<Holder, 'pid' | 'command' | 'cwd' | 'user' | 'startedAt'>

export function showHolder({ pid, command, cwd, user, startedAt }: Holder): ShownHolder {
  return { pid, command, cwd, user, startedAt }
}

/** The board of this machine, or what the registry promises on another host. Throws `host-unknown`. */
export async function readBoard(
  world: World,
  { host: given }: { readonly host?: string | undefined } = {},
): Promise<Board> {
  const host = hostMeant(world, given)
  if (isHere(world, host)) return boardOf(world, await look(world))
  const registry = await readHost(world, host)
  const findings = audit({ registry, host, seen: null, known: await knownFor(registry) })
  const judged = new Map(registry.allocations.map((allocation) => [allocation, null]))
  return boardOf(world, { registry, listeners: [], behind: nothingBehind, judged, findings }, host)
}

/** A look of this machine, or of another host, at which nobody looked. */
type Seen = Pick<Look, 'registry' | 'listeners' | 'behind' | 'findings'> & {
  readonly judged: ReadonlyMap<Allocation, Judgement | null>
}

/** The look as the board shows it. */
export function boardOf(
  world: World,
  { registry, listeners, behind, judged, findings }: Seen,
  host: string = world.host,
): Board {
  const byPort = new Map<number, Finding[]>()
  for (const finding of findings)
    for (const port of finding.ports) byPort.set(port, [...(byPort.get(port) ?? []), finding])
  const services = [...judged].map(([allocation, judgement]): BoardService => {
    const verdict = judgement?.verdict ?? null
    const registered = findService(registry, allocation.host, allocation.service)
    const present =
      verdict === null || verdict === 'reserved' || verdict === 'silent' ? [] : listenersAt(listeners, allocation)
    const own = (byPort.get(allocation.port) ?? []).filter(({ services: names }) => names.includes(allocation.service))
    return {
      name: registered?.name ?? allocation.service,
      host: allocation.host,
      port: allocation.port,
      protocol: allocation.protocol,
      address: allocation.address,
      range: registered?.range ?? null,
      description: registered?.description ?? '',
      verdict,
      resolved: registered?.resolved ?? false,
      holders: present.flatMap(({ holders }) => holders).map(showHolder),
      ...beyondOf(behind, present, publishersOf(behind.engines.containers, allocation.protocol, allocation.port)),
      findings: own.map(({ rule }) => rule),
      // The audit gives the worst first.
      worst: own[0]?.severity ?? null,
    }
  })
  const known = new Set([...judged.keys()].flatMap((allocation) => listenersAt(listeners, allocation)))
  const strays = listeners
    .filter((listener) => !known.has(listener))
    .map((listener) => ({
      port: listener.port,
      protocol: listener.protocol,
      address: listener.address,
      user: listener.user,
      holders: listener.holders.map(showHolder),
      ...beyondOf(behind, [listener], []),
    }))
  const of = (wanted: Verdict): number => services.filter(({ verdict }) => verdict === wanted).length
  return {
    host,
    looked: isHere(world, host),
    at: world.clock.now().toISOString(),
    revision: registry.revision,
    ranges: registry.ranges.map((range) => ({ ...range })),
    services,
    strays,
    hidden: listeners.filter(({ holders }) => holders.length === 0).length,
    unanswered: [...behind.engines.unanswered],
    totals: {
      services: services.length,
      active: of('active'),
      reserved: of('reserved'),
      unverified: of('unverified'),
      taken: of('taken'),
      silent: of('silent'),
      strays: strays.length,
      findings: findings.length,
    },
  }
}

function beyondOf(
  behind: Behind,
  listeners: readonly Listener[],
  published: readonly { readonly container: Container }[],
): Beyond {
  if (!listeners.length && !published.length) return { unit: null, container: null }
  const containers = [
    ...listeners.flatMap((one) => behind.containersOf(one)),
    ...published.map(({ container }) => container),
  ]
  const places = listeners.flatMap((listener) => [listener, ...listener.holders]).map((one) => behind.placeOf(one))
  const [container] = containers
  return {
    unit: places.find(({ unit }) => unit !== null)?.unit ?? null,
    container: container ? showContainer(container) : null,
  }
}
