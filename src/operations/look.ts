import { knownFor } from '../catalog/known-services.ts'
import { recognise } from '../catalog/programs.ts'
import type { Allocation } from '../core/allocation.ts'
import { auditAll } from '../core/audit/audit.ts'
import type { Audit } from '../core/audit/audit.ts'
import type { Subject } from '../core/audit/finding.ts'
import type { Holder, Listener } from '../core/listener.ts'
import { sameProcess } from '../core/listener.ts'
import type { PortNumber } from '../core/port.ts'
import { nameKey } from '../core/name.ts'
import { findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { serviceVariable } from '../core/run.ts'
import type { Run } from '../core/run.ts'
import { judge, listenersAt } from '../core/verdict.ts'
import type { Identified, Judgement } from '../core/verdict.ts'
import { staleClaims } from './stale-claims.ts'
import type { World } from './world.ts'

/** The promises of this host beside what the system shows, at one moment. */
export interface Look extends Audit {
  readonly registry: Registry
  readonly listeners: readonly Listener[]
  readonly judged: ReadonlyMap<Allocation, Judgement>
  /** What the audit looked at. */
  readonly subject: Subject
}

/** Reads the registry, the runs and the listeners, and judges every allocation of this host. */
export async function look(world: World): Promise<Look> {
  const [registry, runs, listeners] = await Promise.all([
    world.registry.read({ host: world.host }),
    world.journal.runs({ unended: true }),
    world.machine.listeners({ holders: 'all' }),
  ])
  return judgeAll(world, registry, runs, listeners)
}

/** The same for some ports only, of a registry that was read already: the holders are looked for among the youngest processes and their kin. */
export async function lookAt(world: World, registry: Registry, ports: ReadonlySet<PortNumber>): Promise<Look> {
  const [runs, listeners] = await Promise.all([
    world.journal.runs({ unended: true }),
    world.machine.listeners({ ports, holders: 'kin' }),
  ])
  const allocations = registry.allocations.filter(({ port }) => ports.has(port))
  return judgeAll(world, { ...registry, allocations }, runs, listeners)
}

async function judgeAll(
  world: World,
  registry: Registry,
  runs: readonly Run[],
  listeners: readonly Listener[],
): Promise<Look> {
  const here = registry.allocations.filter(({ host }) => host === world.host)
  const byPort = Map.groupBy(listeners, ({ port }) => port)
  const judged = new Map<Allocation, Judgement>()
  for (const allocation of here) {
    const present = listenersAt(byPort.get(allocation.port) ?? [], allocation)
    judged.set(allocation, await judgeOne(world, registry, runs, allocation, present))
  }
  const subject: Subject = {
    registry,
    host: world.host,
    seen: { listeners, judged },
    kernel: await world.machine.kernel(),
    known: await knownFor(registry),
    stale: await staleClaims(world, registry, listeners),
  }
  return { registry, listeners, judged, subject, ...auditAll(subject) }
}

async function judgeOne(
  world: World,
  registry: Registry,
  runs: readonly Run[],
  allocation: Allocation,
  present: readonly Listener[],
): Promise<Judgement> {
  const markers = new Map<Holder, string | null>()
  for (const { holders } of present) {
    for (const holder of holders) markers.set(holder, await world.machine.environmentOf(holder, serviceVariable))
  }
  const own = runs.filter(({ service }) => nameKey(service) === nameKey(allocation.service))
  const wanted = present.length === 0 && (await someAlive(world, own))
  const identify = (holder: Holder): Identified | null =>
    identifyHolder(world, registry, runs, allocation, holder, markers.get(holder) ?? null)
  return judge(allocation.service, present, identify, wanted)
}

async function someAlive(world: World, runs: readonly Run[]): Promise<boolean> {
  for (const run of runs) if (await world.machine.alive(run.process)) return true
  return false
}

/** Who the holder surely is: by our run, by the marker that runs leave in the environment, or by what the catalog knows of the service. */
function identifyHolder(
  world: World,
  registry: Registry,
  runs: readonly Run[],
  allocation: Allocation,
  holder: Holder,
  marker: string | null,
): Identified | null {
  const run = runs.find(
    ({ process }) => sameProcess(process, holder) || (process.pid === holder.session && process.boot === holder.boot),
  )
  const named = run?.service ?? marker
  if (named) {
    const service = findService(registry, world.host, named)?.name ?? named
    return {
      service: nameKey(service) === nameKey(allocation.service) ? allocation.service : service,
      by: run ? 'run' : 'marker',
    }
  }
  const recognised = recognise(allocation.service, holder)
  return recognised && { service: recognised === 'yes' ? allocation.service : null, by: 'command' }
}
