import { knownFor } from '../catalog/known-services.ts'
import type { Allocation } from '../core/allocation.ts'
import { auditAll } from '../core/audit/audit.ts'
import type { Audit } from '../core/audit/audit.ts'
import type { Subject } from '../core/audit/finding.ts'
import { publishersOf } from '../core/container.ts'
import type { Container } from '../core/container.ts'
import { groupBy } from '../core/groups.ts'
import { countsOn } from '../core/host.ts'
import { identifyContainer, identifyUnit } from '../core/identify.ts'
import type { Holder, Listener } from '../core/listener.ts'
import { overlaps } from '../core/address.ts'
import { nameKey } from '../core/name.ts'
import type { PortNumber } from '../core/port.ts'
import type { Registry } from '../core/registry.ts'
import { serviceVariable } from '../core/run.ts'
import type { Run } from '../core/run.ts'
import { judge, listenersAt } from '../core/verdict.ts'
import type { Beyond, Identified, Judgement } from '../core/verdict.ts'
import { lookBehind } from './behind.ts'
import type { Behind } from './behind.ts'
import { withoutKeepers } from './hand-over.ts'
import { identifyHolder } from './identify-holder.ts'
import { staleClaims } from './stale-claims.ts'
import type { World } from './world.ts'

/** The promises of this host beside what the system shows, at one moment. */
export interface Sight {
  readonly registry: Registry
  readonly listeners: readonly Listener[]
  readonly behind: Behind
  readonly judged: ReadonlyMap<Allocation, Judgement>
}

/** The same with what the audit says of it. */
export interface Look extends Sight, Audit {
  /** What the audit looked at. */
  readonly subject: Subject
}

/** Reads the registry, the runs and, where they are not given, the listeners, and judges every allocation that counts on this host. */
export async function look(world: World, seen?: readonly Listener[]): Promise<Look> {
  const [registry, started, listeners] = await Promise.all([
    world.registry.read({ host: world.host }),
    startedBy(world),
    seen ?? world.machine.listeners({ holders: 'all' }),
  ])
  const sight = await judgeAll(world, registry, started, listeners, 'unexplained')
  const subject: Subject = {
    registry,
    host: world.host,
    seen: { listeners, judged: sight.judged },
    ...(sight.judged.size ? { kernel: await world.machine.kernel() } : {}),
    known: await knownFor(registry),
    stale: await staleClaims(world, registry, listeners),
  }
  return { ...sight, subject, ...auditAll(subject) }
}

/** Some ports only, of a registry that was read already, and without an audit: the holders are looked for among the youngest processes and their kin, and each is looked behind. */
export async function lookAt(world: World, registry: Registry, ports: ReadonlySet<PortNumber>): Promise<Sight> {
  const [started, listeners] = await Promise.all([startedBy(world), world.machine.listeners({ ports, holders: 'kin' })])
  const allocations = registry.allocations.filter(({ port }) => ports.has(port))
  return judgeAll(world, { ...registry, allocations }, started, listeners, 'all', ports)
}

/** What the journal knows: our runs that were not seen to end, and the keys of the services that are to be up. */
interface Started {
  readonly runs: readonly Run[]
  readonly wanted: ReadonlySet<string>
}

async function startedBy({ journal }: World): Promise<Started> {
  const [runs, wanted] = await Promise.all([journal.runs({ unended: true }), journal.wanted()])
  return { runs, wanted: new Set(wanted.map(nameKey)) }
}

const nobody: Case['identified'] = new Map()

/** One allocation with what is there and whom its holders were found to be. */
interface Case {
  readonly allocation: Allocation
  readonly present: readonly Listener[]
  readonly identified: ReadonlyMap<Holder, Identified | null>
}

async function judgeAll(
  world: World,
  registry: Registry,
  started: Started,
  listeners: readonly Listener[],
  extent: 'all' | 'unexplained',
  ports: Iterable<PortNumber> = [],
): Promise<Sight> {
  const here = registry.allocations.filter((allocation) => countsOn(allocation, world.host))
  // A socket that is only kept is no service: what is promised there is silent until somebody takes it.
  const byPort = groupBy(withoutKeepers(listeners), ({ port }) => port)
  const cases: Case[] = []
  for (const allocation of here) {
    const present = listenersAt(byPort.get(allocation.port) ?? [], allocation)
    cases.push({
      allocation,
      present,
      identified: present.length ? await identifyEach(world, registry, started.runs, allocation, present) : nobody,
    })
  }
  const unexplained =
    extent === 'all'
      ? listeners.flatMap(({ holders }) => holders)
      : cases.flatMap(({ identified }) => [...identified].flatMap(([holder, who]) => (who ? [] : holder)))
  const silent = cases.flatMap(({ allocation, present }) => (present.length ? [] : allocation.port))
  const behind = await lookBehind(world, listeners, [...new Set(unexplained)], [...silent, ...ports])
  const judged = new Map<Allocation, Judgement>()
  for (const one of cases) judged.set(one.allocation, await judgeOne(world, started, one, behind))
  return { registry, listeners, behind, judged }
}

async function identifyEach(
  world: World,
  registry: Registry,
  runs: readonly Run[],
  allocation: Allocation,
  present: readonly Listener[],
): Promise<Map<Holder, Identified | null>> {
  const identified = new Map<Holder, Identified | null>()
  const expected = { registry, host: world.host, allocation, runs, last: null }
  for (const holder of present.flatMap(({ holders }) => holders)) {
    const marker = await world.machine.environmentOf(holder, serviceVariable)
    identified.set(holder, identifyHolder(expected, holder, marker))
  }
  const unknown = [...identified].flatMap(([holder, who]) => (who ? [] : holder))
  const [last] = unknown.length ? await world.journal.runs({ service: allocation.service }) : []
  if (last) for (const holder of unknown) identified.set(holder, identifyHolder({ ...expected, last }, holder, null))
  return identified
}

async function judgeOne(
  world: World,
  started: Started,
  { allocation, present, identified }: Case,
  behind: Behind,
): Promise<Judgement> {
  const wanted = present.length === 0 && (await shouldBeUp(world, started, allocation.service))
  const identify = (holder: Holder): Identified | null =>
    identified.get(holder) ?? identifyPlace(allocation.service, behind.placeOf(holder).unit)
  return judge(allocation.service, present, identify, wanted, beyondOf(allocation, present, behind))
}

/** Who is at the allocation's endpoint beside visible processes. */
function beyondOf(allocation: Allocation, present: readonly Listener[], behind: Behind): Beyond[] {
  if (!present.length && !behind.engines.containers.length) return []
  const { service, protocol, port, address } = allocation
  const published = publishersOf(behind.engines.containers, protocol, port).filter((one) =>
    overlaps(one.published.address, address),
  )
  const inside = present
    .flatMap((listener) => behind.containersOf(listener))
    .filter((container) => !published.some((one) => one.container === container))
  const hidden = present.filter(({ holders }) => holders.length === 0)
  return [
    ...published.map(({ container, published: { inside: state } }) =>
      containerThere(service, container, state === 'nobody' || state === 'loopback'),
    ),
    ...inside.map((container) => containerThere(service, container, false)),
    ...hidden.map((listener) => ({ identified: identifyPlace(service, behind.placeOf(listener).unit), silent: false })),
  ]
}

function containerThere(service: string, container: Container, silent: boolean): Beyond {
  return { identified: identifyContainer(service, container), silent }
}

function identifyPlace(service: string, unit: string | null): Identified | null {
  return unit === null ? null : identifyUnit(service, unit)
}

async function shouldBeUp(world: World, { runs, wanted }: Started, service: string): Promise<boolean> {
  // Where nothing was started no name has to be compared.
  if (!runs.length && !wanted.size) return false
  const key = nameKey(service)
  if (wanted.has(key)) return true
  for (const run of runs) if (nameKey(run.service) === key && (await world.machine.alive(run.process))) return true
  return false
}
