import { sayingOldPort } from '../../core/drift-moves.ts'
import type { PortMove } from '../../core/drift-moves.ts'
import type { Drift } from '../../core/drift.ts'
import { Problem } from '../../core/problem.ts'
import type { Registry } from '../../core/registry.ts'
import type { Change } from '../../core/commit.ts'
import { commitOn } from '../change.ts'
import { takeBack } from '../undo.ts'
import { count } from '../../core/text.ts'
import type { Call } from '../operation.ts'
import { workspaceOf } from '../workspace.ts'
import type { World } from '../world.ts'
import { planMending } from './mend.ts'
import type { Mending } from './mend.ts'
import { scanMentions } from './scan.ts'

/** Files of one folder that say old ports. */
export interface MovedFiles extends Mending {
  readonly folder: string
  /** Mentions that a person has to look at: only a guess ties them, or nothing tells which port is meant. */
  readonly unsure: readonly Drift[]
}

/**
 * The files of the call's workspace, or of a folder, that say the old port once the moves are done, whether the registry knows of them already or not.
 * Nothing is written. Throws what `scanMentions` throws.
 */
export async function filesSayingOldPort(
  world: World,
  call: Call,
  registry: Registry,
  moves: readonly PortMove[],
  folder?: string,
): Promise<MovedFiles> {
  const root = folder ?? (await workspaceOf(world, call)).id.replace(/^workspace:/, '')
  const scan = await scanMentions(world, call, root)
  const drifts = sayingOldPort(moves, scan.mentions, registry, world.host)
  const isClear = ({ confidence, shouldSay }: Drift): boolean => confidence === 'sure' && shouldSay !== null
  const mending = await planMending(drifts.filter(isClear), scan)
  return { ...mending, folder: scan.folder, unsure: drifts.filter((one) => !isClear(one)) }
}

/** Throws `consent-missing` where files are to be changed, nobody said yes, and nobody can be asked. Called before anything is done. */
export function requireConsent({ confirm }: Call, yes: boolean): void {
  if (!yes && !confirm) throw new Problem('consent-missing', { what: 'mend files' })
}

/** Whether to write: said beforehand, or asked with the diff. */
export async function agreed(
  { confirm, signal }: Call,
  { edits, drifts, diff }: Mending,
  yes: boolean,
): Promise<boolean> {
  if (yes || !confirm) return yes
  const yesNow = await confirm(`${diff}Replace ${count(drifts.length, 'number')} in ${count(edits.length, 'file')}?`)
  if (signal.aborted) throw new Problem('interrupted', { what: 'Mending files', left: 'Nothing was changed.' })
  return yesNow
}

/**
 * Changes the registry and the files as one: the files are made ready first, so that what fails most often fails before anything happened; then the registry is
 * committed on just the registry that the files were made ready by, and the files are put in place. Where that fails, they are put back and the commit is taken back.
 * Throws `revision-moved` where somebody changed the registry meanwhile: then nothing has happened.
 */
export async function writeTogether(
  world: World,
  { folder, edits }: Pick<MovedFiles, 'folder' | 'edits'>,
  registry: Registry,
  changes: readonly Change[],
): Promise<void> {
  const prepared = await world.files.prepare(folder, edits)
  const committed = await commitOn(world, registry, changes).catch(async (error: unknown) => {
    await prepared.discard()
    throw error
  })
  try {
    await prepared.apply()
  } catch (error) {
    // Not by the caller's signal: who gave up in between wants it taken back all the more.
    if (committed) await takeBack(world, committed.revision, false, new AbortController().signal)
    throw error
  }
}
