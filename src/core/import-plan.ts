import { endpointsOverlap } from './allocation.ts'
import type { Allocation } from './allocation.ts'
import { isTheirs } from './claim-token.ts'
import type { Claimant } from './claim-token.ts'
import type { AllocationRequest, Change } from './commit.ts'
import type { DocumentService, PortDocument, UnusedLine } from './document.ts'
import { rulingsOf } from './document-registry.ts'
import { nameKey } from './name.ts'
import { allocationsOf, findRange, findService } from './registry.ts'
import type { Registry } from './registry.ts'
import type { Range } from './range.ts'
import { rulingKey } from './ruling.ts'
import type { Service } from './service.ts'

export interface ImportPlan {
  readonly changes: readonly Change[]
  /** What the document has that cannot be had, beside what its reader could not use, in the order of the lines. */
  readonly unused: readonly UnusedLine[]
}

/**
 * What makes the registry say what the document says. Services and ranges that the document does not name stay as they are. A port that a service
 * outside of the document has stays there, and the line that wants it is reported; so does a claim of which the document wants something else, unless it is theirs who import.
 */
export function planImport(
  registry: Registry,
  host: string,
  document: PortDocument,
  claimant: Claimant,
  newId: () => string,
): ImportPlan {
  const unused: UnusedLine[] = [...document.unused]
  const placed = (services: readonly DocumentService[]): Placing => placeAll(registry, host, services, claimant, newId)
  let placing = placed(document.services)
  // A service that cannot have its new port keeps its old one, which another line may have counted on: place again until nothing is refused.
  const refused = new Set<DocumentService>()
  while (placing.refused.length) {
    for (const { service, why } of placing.refused) {
      refused.add(service)
      unused.push({ line: service.line, text: service.name, why, contradicts: true })
    }
    const rest = document.services.filter((service) => !refused.has(service))
    placing = placed(rest)
  }
  const ranges = document.ranges
    .map(({ line: _line, ...range }) => range)
    .filter((range) => !sameRange(findRange(registry, range.name), range))
  return {
    changes: [
      ...ranges.map((range): Change => ({ do: 'put-range', range })),
      ...document.services
        .filter((service) => !refused.has(service))
        .flatMap((service) => putService(registry, host, service)),
      ...placing.changes,
      ...recordMoves(registry, host, document),
      ...putRulings(registry, host, document),
    ],
    unused: unused.toSorted((a, b) => a.line - b.line),
  }
}

function putService(registry: Registry, host: string, service: DocumentService): Change[] {
  const before = findService(registry, host, service.name)
  const { name, description, resolved, declared, range } = service
  const after: Service = { host, name, description, resolved, declared, range: range ?? before?.range ?? null }
  const same = before && JSON.stringify({ ...before, ...after }) === JSON.stringify(before)
  return same ? [] : [{ do: 'put-service', service: after }]
}

interface Placing {
  readonly changes: Change[]
  readonly refused: { readonly service: DocumentService; readonly why: string }[]
}

function placeAll(
  registry: Registry,
  host: string,
  services: readonly DocumentService[],
  claimant: Claimant,
  newId: () => string,
): Placing {
  const steps = services.map((service) => stepsOf(registry, host, service, newId))
  const strange = steps.flatMap(({ service, givenUp }) => {
    const claim = givenUp.find((one) => !isTheirs(one, claimant))
    return claim
      ? [
          {
            service,
            why: `it has the claim ${claim.port}/${claim.protocol} of ${claim.owner}, which only its owner changes`,
          },
        ]
      : []
  })
  // What they keep is in the way of others: nothing is placed before all of them are known.
  if (strange.length) return { changes: [], refused: strange }
  const givenUp = new Set(steps.flatMap((step) => step.givenUp.map(({ id }) => id)))
  const taken = new Map<number, Allocation[]>()
  const take = (allocation: Allocation): void => {
    taken.set(allocation.port, [...(taken.get(allocation.port) ?? []), allocation])
  }
  for (const allocation of registry.allocations) if (!givenUp.has(allocation.id)) take(allocation)
  const placing: Placing = { changes: [], refused: [] }
  for (const { service, changes, wanted } of steps) {
    const blocker = wanted.flatMap((one) =>
      (taken.get(one.port) ?? []).filter((other) => endpointsOverlap(one, other)),
    )[0]
    if (blocker) {
      placing.refused.push({ service, why: `${blocker.port}/${blocker.protocol} belongs to ${blocker.service}` })
      continue
    }
    wanted.forEach(take)
    placing.changes.push(...changes)
  }
  return placing
}

/** How one service gets from the ports that it has to those that the document gives it: moved pairwise, then added or released. */
function stepsOf(
  registry: Registry,
  host: string,
  service: DocumentService,
  newId: () => string,
): { service: DocumentService; changes: Change[]; wanted: Allocation[]; givenUp: Allocation[] } {
  const present = allocationsOf(registry, { host, name: service.name })
  const asked = new Set(service.ports.map(place))
  const had = new Set(present.map(place))
  const surplus = present.filter((allocation) => !asked.has(place(allocation)))
  const missing = service.ports.filter((port) => !had.has(place(port)))
  const changes: Change[] = []
  const givenUp: Allocation[] = []
  const wanted: Allocation[] = []
  for (const one of missing) {
    const movable = surplus.findIndex(
      (other) => other.protocol === one.protocol && other.address === one.address && other.kind === one.kind,
    )
    const [moved] = movable < 0 ? [] : surplus.splice(movable, 1)
    const id = moved?.id ?? newId()
    const request: AllocationRequest = {
      id,
      kind: one.kind,
      host,
      service: service.name,
      protocol: one.protocol,
      address: one.address,
      candidates: [one.port],
      within: null,
      owner: one.owner,
      expires: null,
      sole: false,
    }
    if (moved) givenUp.push(moved)
    changes.push(
      moved ? { do: 'move', id, fence: moved.fence, candidates: [one.port] } : { do: 'allocate', ...request },
    )
    wanted.push({ ...request, port: one.port, fence: 0, since: '' })
  }
  for (const allocation of surplus) {
    givenUp.push(allocation)
    changes.push({ do: 'release', id: allocation.id, fence: allocation.fence })
  }
  return { service, changes, wanted, givenUp }
}

function place({ protocol, port, address }: Pick<Allocation, 'protocol' | 'port' | 'address'>): string {
  return `${protocol} ${port} ${address}`
}

function recordMoves(registry: Registry, host: string, document: PortDocument): Change[] {
  return document.moves.flatMap(({ service, from, to, why, when }): Change[] => {
    const known = registry.resolutions.some(
      (one) =>
        one.host === host &&
        nameKey(one.service) === nameKey(service) &&
        one.to === to &&
        one.why === why &&
        (from === null || one.from === from) &&
        (when === null || one.when === when),
    )
    return known ? [] : [{ do: 'record', resolution: { host, service, from, to, why, when } }]
  })
}

function putRulings(registry: Registry, host: string, document: PortDocument): Change[] {
  const present = new Map(registry.rulings.map((ruling) => [rulingKey(ruling), ruling]))
  return rulingsOf(document, host).flatMap((ruling): Change[] => {
    const before = present.get(rulingKey(ruling))
    const same =
      before?.level === ruling.level &&
      before.why === ruling.why &&
      (ruling.when === null || before.when === ruling.when)
    return same ? [] : [{ do: 'put-ruling', ruling }]
  })
}

function sameRange(before: Range | null, after: Range): boolean {
  return (
    before !== null &&
    before.name === after.name &&
    before.from === after.from &&
    before.to === after.to &&
    before.purpose === after.purpose &&
    before.examples === after.examples
  )
}
