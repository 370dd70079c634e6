import * as z from '../formats/zod.ts'
import type { Change } from '../core/commit.ts'
import { sayChange } from '../core/plan.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { concerns, planUndo } from '../core/undo.ts'
import type { MadeCommit } from '../core/undo.ts'
import { operation } from './operation.ts'
import { dryRunInput } from './shapes.ts'
import type { World } from './world.ts'

/** How far back the last change of this host is looked for, where other hosts write to the same registry. */
const mostLooked = 256
/** How often the plan is made anew because somebody was quicker. */
const mostTries = 20

export type Undo = z.output<typeof output>
const output = z.object({
  /** The change that is taken back. */
  revision: z.int(),
  at: z.string(),
  plan: z.array(z.string()),
  dryRun: z.boolean(),
})

export const undo = operation({
  name: 'undo',
  summary:
    'Takes back the last change of the registry that concerns this host, or the one with a number; doing it twice brings it again.',
  effect: 'write',
  positional: ['revision'],
  examples: ['ports undo --dry-run', 'ports undo', 'ports undo 41'],
  input: z.object({
    revision: z
      .optional(z.coerce.number().check(z.int(), z.gte(1)))
      .check(z.describe('the number of the change, as `ports status --json` shows the last one')),
    dryRun: dryRunInput,
  }),
  output,
  run: (world, { revision, dryRun }, call) => takeBack(world, revision, dryRun, call.signal),
})

/** Throws what `meant` and `planUndo` throw. */
export async function takeBack(
  world: World,
  revision: number | undefined,
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Undo> {
  for (let attempt = 1; ; attempt++) {
    const registry = await world.registry.read()
    const { commit, later } = await meant(world, registry, revision, signal)
    const changes = planUndo(registry, commit, later)
    const plan = changes.map((change) => sayChange(change, (id) => ownerOf(id, registry, commit)))
    const answer = { revision: commit.revision, at: commit.at, plan, dryRun }
    if (dryRun || (await committed(world, changes, registry.revision, attempt))) return answer
  }
}

async function committed(world: World, changes: Change[], ifRevision: number, attempt: number): Promise<boolean> {
  try {
    await world.registry.commit({ id: world.newId(), at: world.clock.now().toISOString(), changes, ifRevision })
    return true
  } catch (error) {
    if (!isProblem(error, 'revision-moved') || attempt === mostTries) throw error
    return false
  }
}

interface Meant {
  readonly commit: MadeCommit
  readonly later: readonly MadeCommit[]
}

/** Throws `undo-nothing`, `revision-unknown` and `undo-forgotten`. */
async function meant(
  world: World,
  { revision: newest }: Registry,
  asked: number | undefined,
  signal: AbortSignal,
): Promise<Meant> {
  if (newest === 0) throw new Problem('undo-nothing', { host: world.host })
  if (asked !== undefined && asked > newest) throw new Problem('revision-unknown', { revision: asked, newest })
  const first = asked ?? Math.max(1, newest - mostLooked + 1)
  const commits = await commitsFrom(world, first, newest, signal)
  const index =
    asked === undefined ? (commits?.findLastIndex((one) => concerns(one, world.host)) ?? -1) : commits?.length ? 0 : -1
  const commit = commits?.[index]
  if (!commits || !commit) {
    if (asked !== undefined) throw new Problem('undo-forgotten', { revision: asked })
    throw new Problem('undo-nothing', { host: world.host })
  }
  return { commit, later: commits.slice(index + 1) }
}

/** The commits of these revisions, both included, null where the first is no longer kept. */
async function commitsFrom(
  world: World,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<MadeCommit[] | null> {
  const commits: MadeCommit[] = []
  for await (const event of world.registry.watch(first - 1, signal)) {
    if (event.kind === 'resync') return null
    if (event.revision <= last) commits.push(event)
    if (event.revision >= last) break
  }
  return commits
}

function ownerOf(id: string, registry: Registry, { effects }: MadeCommit): string {
  const present = registry.allocations.find((one) => one.id === id)
  if (present) return present.service
  const effect = effects.find((one) => one.row === 'allocation' && one.key === id)
  return effect?.row === 'allocation' ? (effect.before?.service ?? id) : id
}
