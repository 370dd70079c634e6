import type { ProcessRow } from '../core/process.ts'
import { treeOf } from '../core/process.ts'
import { sameProcess } from '../core/listener.ts'
import type { ProcessIdentity } from '../core/listener.ts'
import { nameKey } from '../core/name.ts'
import { runVariable } from '../core/run.ts'
import type { Announced, Run } from '../core/run.ts'
import type { World } from './world.ts'

/** The processes of a run: its session, and the tree below its first process. */
export function membersOf(run: Run, table: readonly ProcessRow[]): ProcessRow[] {
  const leader = table.find(({ pid }) => pid === run.process.pid)
  // The pid may be somebody else's by now. A session that outlives its leader keeps the number from being used again.
  if (leader && leader.start !== run.process.start) return []
  const members = new Map(table.filter(({ session }) => session === run.process.pid).map((row) => [row.pid, row]))
  if (leader) for (const row of treeOf(table, leader.pid)) members.set(row.pid, row)
  return [...members.values()]
}

/**
 * The same with those that left its session and lost their parent, as a program does that makes itself a daemon: they still carry the run's mark. It costs a
 * look at every process that is younger than the run, 20 us each.
 */
export async function everyMember(world: World, run: Run, table?: readonly ProcessRow[]): Promise<ProcessRow[]> {
  const rows = table ?? (await world.machine.processes())
  const members = new Map(membersOf(run, rows).map((row) => [row.pid, row]))
  for (const row of rows) {
    if (members.has(row.pid) || row.start < run.process.start || row.kernel) continue
    if ((await world.machine.environmentOf(row, runVariable)) === run.id) members.set(row.pid, row)
  }
  return [...members.values()]
}

export interface CurrentRun {
  readonly run: Run
  readonly members: readonly ProcessRow[]
}

/** The service's run that still has processes, with those that are where they should be, else those that went elsewhere. Runs that have none are recorded as ended: how, nobody saw. */
export async function currentRun(world: World, service: string): Promise<CurrentRun | null> {
  const open = (await world.journal.runs({ unended: true })).filter((run) => nameKey(run.service) === nameKey(service))
  const announced = await world.journal.announced(service)
  if (!open.length && !announced.length) return null
  // Asked before the table is read: what a starter has started stands in it once the starter is gone.
  const starting = announced.length > 0 && (await starterOf(world, service)) !== null
  const table = await world.machine.processes()
  const { boot } = world.machine.self()
  const end = (id: string): Promise<void> =>
    world.journal.end(id, { code: null, signal: null }, world.clock.now().toISOString())
  for (const start of announced) {
    const found = await foundling(world, start, table)
    if (found) {
      await world.journal.began(found.run.id, found.run.process)
      return found
    }
    if (!starting) await end(start.id)
  }
  for (const run of open) {
    const members = run.process.boot === boot ? await remaining(world, run, table) : []
    if (members.length) return { run, members }
    await end(run.id)
  }
  return null
}

/** Its members; where none is left where they should be, those that went elsewhere. */
export async function remaining(world: World, run: Run, table: readonly ProcessRow[]): Promise<ProcessRow[]> {
  const members = membersOf(run, table)
  return members.length ? members : everyMember(world, run, table)
}

/** Another living process whose turn it is to start the service. */
export async function starterOf(world: World, service: string): Promise<ProcessIdentity | null> {
  const starter = await world.journal.turn(service)
  if (!starter || sameProcess(starter, world.machine.self())) return null
  return (await world.machine.alive(starter)) ? starter : null
}

/** An announced start whose process was never told, found by the mark that its processes carry. */
async function foundling(world: World, start: Announced, table: readonly ProcessRow[]): Promise<CurrentRun | null> {
  const marked: ProcessRow[] = []
  for (const row of table) {
    if (!row.kernel && (await world.machine.environmentOf(row, runVariable)) === start.id) marked.push(row)
  }
  const leader = marked.find(({ pid, session }) => pid === session)
  const eldest = leader ?? marked.toSorted((a, b) => a.start - b.start)[0]
  if (!eldest) return null
  // A session keeps its number for as long as it has a member, so it stands for a leader that is gone.
  const { boot, pid, session, start: since } = eldest
  return { run: { ...start, process: { boot, pid: session || pid, start: since } }, members: marked }
}
