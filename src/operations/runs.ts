import type { ProcessRow } from '../core/process.ts'
import { treeOf } from '../core/process.ts'
import { nameKey } from '../core/name.ts'
import type { Run } from '../core/run.ts'
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

export interface CurrentRun {
  readonly run: Run
  readonly members: readonly ProcessRow[]
}

/** The service's run that still has processes, with them. Runs that have none are recorded as ended: how, nobody saw. */
export async function currentRun(world: World, service: string): Promise<CurrentRun | null> {
  const open = (await world.journal.runs({ unended: true })).filter((run) => nameKey(run.service) === nameKey(service))
  if (!open.length) return null
  const table = await world.machine.processes()
  const { boot } = world.machine.self()
  for (const run of open) {
    const members = run.process.boot === boot ? membersOf(run, table) : []
    if (members.length) return { run, members }
    await world.journal.end(run.id, { code: null, signal: null }, world.clock.now().toISOString())
  }
  return null
}
