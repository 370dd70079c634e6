import { anyAddress, overlaps, parseAddress } from './address.ts'
import type { Address } from './address.ts'
import type { Allocation } from './allocation.ts'
import { matchPublish } from './compose-match.ts'
import type { Clue, Match } from './compose-match.ts'
import { pairUnits, unitsOf } from './compose-pairs.ts'
import type { Unit } from './compose-pairs.ts'
import type { ComposeProject, ComposeService, Publish } from './compose.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { allocationsAt, allocationsOf, findService } from './registry.ts'
import type { Registry } from './registry.ts'

/** What the registry makes of one published port. */
export type ComposeStep =
  | { readonly action: 'keep'; readonly publish: Publish; readonly service: string; readonly by: Clue }
  | {
      readonly action: 'move'
      readonly publish: Publish
      readonly service: string
      readonly by: Clue
      /** Null where the engine picked a port at each start. */
      readonly from: PortNumber | null
      readonly to: PortNumber
    }
  | {
      readonly action: 'unregistered'
      readonly publish: Publish
      /**
       * `no-service`: nothing in the registry is like it. `unknown-label`: the label names no service. `no-port`: the service has no port left for it.
       * `given`: the service's port goes to another published port, which fits better.
       */
      readonly why: 'no-service' | 'unknown-label' | 'no-port' | 'given'
      /** The registered service that was meant, as far as one was. */
      readonly service: string | null
      /** The registered service that the published port belongs to. */
      readonly owner: string | null
    }
  | {
      readonly action: 'ambiguous'
      readonly publish: Publish
      readonly by: Clue
      /** The services that it may be; one where several published ports may be that service. */
      readonly candidates: readonly string[]
    }

/** Two services of the project that would listen at one place. */
interface ComposeClash {
  readonly port: PortNumber
  readonly protocol: Publish['protocol']
  readonly services: readonly [string, string]
}

export interface ComposePlan {
  readonly project: string
  readonly host: string
  /** One for each published port, in the project's order. */
  readonly steps: readonly ComposeStep[]
  /** What stands in each other's way when the plan is done, among services that start. */
  readonly clashes: readonly ComposeClash[]
}

const strongestFirst: readonly Clue[] = ['label', 'name', 'container-name', 'alias', 'image', 'container-port']

/**
 * Which port of the registry each published port of the project should have. A compose service is known by its label, its name, its container's name, an alias, its
 * image, or its container port, in this order; one clue that fits several services equally well is no answer, and the plan asks for the label.
 * An allocation is given once, to the best clue first. Deterministic, and no port moves that is right already.
 */
export function planCompose(project: ComposeProject, registry: Registry, host: string): ComposePlan {
  const steps = new Map<Publish, ComposeStep>()
  const used = new Set<Allocation>()
  const matched = project.services.flatMap((service) =>
    unitsOf(service).map((unit) => ({ unit, match: matchPublish(service, unit, registry, host) })),
  )
  for (const { unit, match } of matched) if (match.kind !== 'service') decideAlone(unit.publishes, match)
  for (const by of strongestFirst) {
    const byService = Map.groupBy(
      matched.flatMap(({ unit, match }) =>
        match.kind === 'service' && match.by === by ? [{ unit, service: match.service }] : [],
      ),
      ({ service }) => nameKey(service),
    )
    for (const group of byService.values()) decideGroup(group, by)
  }
  return { project: project.name, host, steps: inOrder(), clashes: clashesOf(project, inOrder()) }

  function inOrder(): ComposeStep[] {
    return project.services.flatMap(({ publishes }) => publishes.flatMap((publish) => steps.get(publish) ?? []))
  }

  function decideAlone(publishes: readonly Publish[], match: Exclude<Match, { kind: 'service' }>): void {
    for (const publish of publishes) {
      if (match.kind === 'several') {
        steps.set(publish, { action: 'ambiguous', publish, by: match.by, candidates: match.candidates })
      } else {
        const { kind: why, label } = match
        const owner = ownerOf(publish, registry, host)
        steps.set(publish, { action: 'unregistered', publish, why, service: label, owner })
      }
    }
  }

  function decideGroup(group: readonly { unit: Unit; service: string }[], by: Clue): void {
    const name = group[0]?.service ?? ''
    const service = findService(registry, host, name) ?? { host, name }
    const allocations = allocationsOf(registry, service)
    const free = allocations.filter((allocation) => !used.has(allocation))
    const pairs = pairUnits(
      group.map(({ unit }) => unit),
      free,
      service.name,
    )
    for (const { unit, allocation } of pairs) {
      if (allocation && allocation !== 'ambiguous') used.add(allocation)
      for (const publish of unit.publishes)
        steps.set(publish, stepOf(publish, service.name, allocation, by, allocations))
    }
  }

  function stepOf(
    publish: Publish,
    service: string,
    allocation: Allocation | 'ambiguous' | null,
    by: Clue,
    all: readonly Allocation[],
  ): ComposeStep {
    if (allocation === 'ambiguous') return { action: 'ambiguous', publish, by, candidates: [service] }
    if (!allocation) {
      const given = all.some((one) => one.protocol === publish.protocol)
      const owner = ownerOf(publish, registry, host)
      return { action: 'unregistered', publish, why: given ? 'given' : 'no-port', service, owner }
    }
    const to = allocation.port
    if (publish.published === to && publish.publishedTo === null) return { action: 'keep', publish, service, by }
    return { action: 'move', publish, service, by, from: publish.published, to }
  }
}

/** The port that the publish has when the plan is done; null where the engine picks it. */
export function portAfter(step: ComposeStep): PortNumber | null {
  return step.action === 'move' ? step.to : step.publish.published
}

/** The registered service that has the published port. */
function ownerOf(publish: Publish, registry: Registry, host: string): string | null {
  const { published, protocol } = publish
  if (published === null || protocol === 'sctp') return null
  const [allocation] = allocationsAt(registry, { host, protocol, address: addressOf(publish), port: published })
  return allocation?.service ?? null
}

/** Where the engine binds it. */
export function addressOf({ hostIp }: Pick<Publish, 'hostIp'>): Address {
  return hostIp === null ? anyAddress : parseAddress(hostIp)
}

function clashesOf(project: ComposeProject, steps: readonly ComposeStep[]): ComposeClash[] {
  const active = new Set(project.services.filter((service: ComposeService) => service.active).map(({ name }) => name))
  const clashes: ComposeClash[] = []
  const fixed = steps.filter(
    (step) => active.has(step.publish.service) && (step.action === 'move' || step.publish.publishedTo === null),
  )
  for (const here of Map.groupBy(fixed, (step) => `${portAfter(step)}/${step.publish.protocol}`).values()) {
    for (const [index, step] of here.entries()) {
      const port = portAfter(step)
      if (port === null) continue
      const { service, protocol } = step.publish
      const other = here.slice(0, index).find(({ publish }) => overlaps(addressOf(publish), addressOf(step.publish)))
      if (other) clashes.push({ port, protocol, services: [other.publish.service, service] })
    }
  }
  return clashes
}
