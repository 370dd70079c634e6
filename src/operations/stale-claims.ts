import type { Allocation } from '../core/allocation.ts'
import { isOver, workspaceRoot } from '../core/leak.ts'
import type { Listener } from '../core/listener.ts'
import type { Registry } from '../core/registry.ts'
import { listenersAt } from '../core/verdict.ts'
import type { World } from './world.ts'

/** The claims of this host that nobody wants any more and nobody listens on, each with the reason. */
export async function staleClaims(
  world: World,
  registry: Registry,
  listeners: readonly Listener[],
): Promise<Map<Allocation, string>> {
  const stale = new Map<Allocation, string>()
  const claims = registry.allocations.filter(({ kind, host }) => kind === 'claim' && host === world.host)
  if (!claims.length) return stale
  const wall = world.clock.now().getTime()
  const now = world.clock.moment()
  for (const claim of claims) {
    // A claim that is used needs no look at the disk.
    if (listenersAt(listeners, claim).length) continue
    const why = isOver(claim, wall, now)
      ? 'its time is over'
      : (await isGone(world, claim))
        ? 'its workspace is gone'
        : null
    if (why !== null) stale.set(claim, why)
  }
  return stale
}

async function isGone(world: World, claim: Allocation): Promise<boolean> {
  const root = workspaceRoot(claim)
  // The nearest folder that is there is another one where the root is not.
  return root !== null && (await world.files.nearest(root, ['.'])) !== root
}
