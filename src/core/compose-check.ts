import { overlaps } from './address.ts'
import { addressOf, portAfter } from './compose-plan.ts'
import type { ComposePlan, ComposeStep } from './compose-plan.ts'
import type { ComposeProject, Publish } from './compose.ts'
import type { Listener } from './listener.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { allocationsAt } from './registry.ts'
import type { Registry } from './registry.ts'

/** A port that an engine publishes now, for a container of a compose project. */
export interface EnginePublish {
  readonly project: string
  readonly service: string
  /** As the engine says: `0.0.0.0`, `::`, or one address; `*` where it says nothing that is one. */
  readonly hostIp: string
  readonly port: number
  readonly protocol: string
}

/** Why a published port cannot be had, or belongs to somebody else. */
export interface Obstacle {
  /**
   * `project`: another service of the project publishes it. `registry`: it belongs to another registered service. `listener`: somebody listens there.
   * `other-project`: a container of another compose project has it.
   */
  readonly kind: 'project' | 'registry' | 'listener' | 'other-project'
  readonly publish: Publish
  readonly port: PortNumber
  /** Who is in the way: a service, a holder, or a project and its service. */
  readonly who: string
  readonly pid: number | null
  /** Where the registry would have it instead, null where it says nothing of it. */
  readonly instead: PortNumber | null
}

/** Programs that hold a container's port on its behalf. */
const proxies = new Set(['docker-proxy', 'rootlesskit', 'rootlessport', 'slirp4netns', 'pasta', 'conmon'])

/**
 * What stands in the way of `up`, as the files are now: one obstacle for each port and each who. A container of this same project that publishes the port already
 * is none: `up` leaves or replaces it. Only services that start are looked at, and only fixed ports.
 */
export function obstaclesOf(
  project: ComposeProject,
  plan: ComposePlan,
  registry: Registry,
  listeners: readonly Listener[],
  engine: readonly EnginePublish[],
): Obstacle[] {
  const active = new Set(project.services.filter((service) => service.active).map(({ name }) => name))
  const fixed = plan.steps.filter(({ publish }) => active.has(publish.service) && publish.publishedTo === null)
  const found = fixed.flatMap((step, index) => {
    const { publish } = step
    const { published: port, protocol } = publish
    if (port === null) return []
    const instead = step.action === 'move' ? portAfter(step) : null
    const make = (kind: Obstacle['kind'], who: string, pid: number | null = null): Obstacle => {
      return { kind, publish, port, who, pid, instead }
    }
    const address = addressOf(publish)
    const twins = fixed
      .slice(0, index)
      .filter((other) => other.publish.published === port && other.publish.protocol === protocol)
      .filter((other) => overlaps(addressOf(other.publish), address))
    return [
      ...twins.map((other) => make('project', other.publish.service)),
      ...ownersOf(step, port, registry, plan.host).map((owner) => make('registry', owner)),
      ...holdersOf(publish, port, project.name, listeners, engine).map(({ kind, who, pid }) => make(kind, who, pid)),
    ]
  })
  return [
    ...new Map(
      found.map((one) => [`${one.kind} ${one.publish.service} ${one.port} ${one.publish.protocol} ${one.who}`, one]),
    ).values(),
  ]
}

function ownersOf(step: ComposeStep, port: PortNumber, registry: Registry, host: string): string[] {
  const { publish } = step
  if (publish.protocol === 'sctp') return []
  const own = step.action === 'ambiguous' ? step.candidates : step.service === null ? [] : [step.service]
  const mine = new Set(own.map(nameKey))
  return allocationsAt(registry, { host, protocol: publish.protocol, address: addressOf(publish), port })
    .map(({ service }) => service)
    .filter((service) => !mine.has(nameKey(service)))
}

function holdersOf(
  publish: Publish,
  port: PortNumber,
  project: string,
  listeners: readonly Listener[],
  engine: readonly EnginePublish[],
): { kind: 'listener' | 'other-project'; who: string; pid: number | null }[] {
  const published = engine.filter((one) => one.port === port && one.protocol === publish.protocol)
  const others = published.filter((one) => one.project !== project)
  const present = listeners.filter(
    (listener) =>
      listener.port === port &&
      listener.protocol === publish.protocol &&
      overlaps(listener.address, addressOf(publish)),
  )
  const strangers = present.filter(({ holders }) => {
    const isEngine = holders.every(({ name }) => proxies.has(name))
    return !(isEngine && published.length)
  })
  return [
    // An engine may publish without any listener (userland-proxy=false), so its own word counts.
    ...others
      .filter(({ hostIp }) => overlaps(addressOf({ hostIp }), addressOf(publish)))
      .map(({ project: whose, service }) => ({
        kind: 'other-project' as const,
        who: `${whose}/${service}`,
        pid: null,
      })),
    ...strangers.map(({ holders: [holder], user }) => {
      return {
        kind: 'listener' as const,
        who: holder?.command || holder?.name || `a process of ${user}`,
        pid: holder?.pid ?? null,
      }
    }),
  ]
}
