import { frameworkOf } from '../catalog/frameworks.ts'
import { causesOf, isOrphan, programName } from '../core/cause.ts'
import { nowhere } from '../core/cgroup.ts'
import type { Place } from '../core/cgroup.ts'
import { isPublisher } from '../core/container.ts'
import type { Container } from '../core/container.ts'
import { sameProcess } from '../core/listener.ts'
import type { Holder } from '../core/listener.ts'
import type { ProcessRow } from '../core/process.ts'
import { cpuPercent } from '../core/usage.ts'
import { showContainer, showHolder } from './board.ts'
import { checkoutAt, projectAt } from './project.ts'
import type { FullHolder } from './who-shapes.ts'
import type { World } from './world.ts'

/** Everything that is known of one holder. One that is gone meanwhile keeps what was known of it. */
export async function fullHolder(
  world: World,
  holder: Holder,
  place: Place,
  container: Container | null,
): Promise<FullHolder> {
  const { unit, ofUser } = place.container === null ? place : nowhere
  // The folder of a process in a container is a path of the container, and an engine's is where somebody happened to start it: neither is the server's.
  const folder = place.container === null && !isPublisher(holder) ? holder.cwd : null
  const [lineage, usage, project, checkout] = await Promise.all([
    lineageOf(world, holder),
    world.witness.usageOf(holder),
    folder === null ? null : projectAt(world, folder),
    folder === null ? null : checkoutAt(world, folder),
  ])
  const [row] = lineage
  const now = world.clock.now()
  const uptime = holder.startedAt === null ? null : (now.getTime() - Date.parse(holder.startedAt)) / 1000
  return {
    ...showHolder(holder),
    name: row ? programName(row) : holder.name,
    project,
    checkout,
    framework: frameworkOf(row?.arguments ?? []),
    uptimeSeconds: uptime === null ? null : Math.max(0, Math.round(uptime)),
    cpuSeconds: usage?.cpuSeconds ?? null,
    cpuPercent: usage && cpuPercent(usage, holder.startedAt, now),
    memoryBytes: usage?.memoryBytes ?? null,
    unit,
    unitOfUser: unit !== null && ofUser,
    container: container && showContainer(container),
    causes: causesOf(lineage),
    orphan: !isPublisher(holder) && isOrphan(lineage),
  }
}

async function lineageOf(world: World, holder: Holder): Promise<ProcessRow[]> {
  const lineage = await world.witness.lineage(holder.pid)
  return lineage[0] && sameProcess(lineage[0], holder) ? lineage : []
}
