import type { Change, Committed } from '../core/commit.ts'
import { isProblem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import type { World } from './world.ts'

/** How often a decision is made anew because somebody else changed the registry in between. Losing that race so often means that a loop writes. */
const mostTries = 20

/**
 * Reads the registry, decides, and commits just what was decided on just that revision; decides anew when somebody was quicker. `decide` is pure and
 * may run several times. Nothing is committed when it decides on no changes.
 */
export async function change<Decision extends { readonly changes: readonly Change[] }>(
  world: World,
  decide: (registry: Registry) => Decision,
  options: { readonly dryRun?: boolean; readonly above?: number } = {},
): Promise<{ decision: Decision; registry: Registry; committed: Committed | null }> {
  for (let attempt = 1; ; attempt++) {
    const registry = await world.registry.read()
    const decision = decide(registry)
    if (options.dryRun || decision.changes.length === 0) return { decision, registry, committed: null }
    try {
      const committed = await world.registry.commit({
        id: world.newId(),
        at: world.clock.now().toISOString(),
        changes: decision.changes,
        ifRevision: registry.revision,
        ...(options.above !== undefined && { above: options.above }),
      })
      return { decision, registry, committed }
    } catch (error) {
      if (!isProblem(error, 'revision-moved') || attempt === mostTries) throw error
    }
  }
}

/** Commits on just that registry and nothing else: for what was made ready by it. Throws `revision-moved` where somebody was quicker. Null for no changes. */
export async function commitOn(
  world: World,
  { revision }: Registry,
  changes: readonly Change[],
): Promise<Committed | null> {
  if (changes.length === 0) return null
  return await world.registry.commit({
    id: world.newId(),
    at: world.clock.now().toISOString(),
    changes,
    ifRevision: revision,
  })
}
