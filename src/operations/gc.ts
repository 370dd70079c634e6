import * as z from '../formats/zod.ts'
import type { Allocation } from '../core/allocation.ts'
import type { Change } from '../core/commit.ts'
import { findLeaks, sightingsNeeded, workspaceRoot } from '../core/leak.ts'
import type { Leak, LeakReport } from '../core/leak.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { allocationsOf } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { listenersAt } from '../core/verdict.ts'
import { change } from './change.ts'
import { hostInput, hostMeant, isHere, readHost } from './host.ts'
import { operation } from './operation.ts'
import { claimShape, showClaim } from './show-claim.ts'
import type { World } from './world.ts'

export type Garbage = z.output<typeof output>
const output = z.object({
  claims: z.array(
    z.extend(claimShape, {
      why: z.enum(['workspace-gone', 'expired', 'session-lost', 'unused']),
      /** How often it was seen unused, far enough apart, and how often it has to be. */
      seen: z.int(),
      needed: z.int(),
      /** Somebody listens there: it is not freed whatever else is so. */
      used: z.boolean(),
      outcome: z.enum(['waits', 'could-be-freed', 'freed']),
    }),
  ),
})

export const gc = operation({
  name: 'gc',
  summary:
    'Shows the claims that nobody wants any more and why, and frees with --yes those that were seen unused three times; never one that somebody listens on.',
  effect: 'write',
  positional: [],
  examples: ['ports gc', 'ports gc --yes'],
  input: z.object({
    yes: z.withDefault(z.boolean(), false).check(z.describe('free those that could be freed')),
    host: hostInput,
  }),
  output,
  async run(world, { yes, host: given }) {
    const host = hostMeant(world, given)
    if (!isHere(world, host)) {
      await readHost(world, host)
      throw new Problem('seen-there-only', { host, here: world.host })
    }
    const { leaks, standings } = await lookForLeaks(world)
    const freed = yes ? await free(world, leaks) : new Set<string>()
    return {
      claims: leaks.map(({ claim, why, seen, used, free: could }) => ({
        ...showClaim({ ...claim, ...standings.get(claim.id) }),
        why,
        seen,
        needed: sightingsNeeded,
        used,
        outcome: freed.has(claim.id) ? ('freed' as const) : could ? ('could-be-freed' as const) : ('waits' as const),
      })),
    }
  },
})

/** Looks once at every claim of this host: keeps what was seen, and lets claims of lost sessions go one step. Frees nothing. */
async function lookForLeaks(
  world: World,
): Promise<{ leaks: readonly Leak[]; standings: ReadonlyMap<string, Allocation> }> {
  const { registry: store, journal, clock } = world
  // The listeners are looked at after the registry: who came in between is seen, and who was there then is not forgotten.
  const { allocations } = await store.read({ host: world.host })
  // Whether anybody is on another host's ports, or on those of every host, cannot be seen from here: they are never freed here.
  const claims = allocations.filter(({ kind, host }) => kind === 'claim' && host === world.host)
  const sessions = await store.sessions()
  const earlier = await journal.sightings(store.place)
  const gone = new Set<string>()
  for (const claim of claims) if (await isGone(world, claim)) gone.add(claim.id)
  const used = await usedOf(world, claims)
  const look = { claims, sessions, gone, used, sightings: earlier, now: clock.moment(), wall: clock.now().getTime() }
  const { leaks, doubts, sightings } = findLeaks(look)
  if (JSON.stringify(sightings) !== JSON.stringify(earlier)) await journal.keepSightings(store.place, sightings)
  return { leaks, standings: await doubt(world, doubts) }
}

/** Each by itself: that somebody came back to one claim says nothing of the others. */
async function doubt(world: World, doubts: LeakReport['doubts']): Promise<ReadonlyMap<string, Allocation>> {
  const standings = new Map<string, Allocation>()
  for (const step of doubts) {
    try {
      const commit = { id: world.newId(), at: world.clock.now().toISOString(), changes: [step] }
      for (const allocation of (await world.registry.commit(commit)).allocations) standings.set(step.id, allocation)
    } catch (error) {
      const cameBack =
        isProblem(error, 'session-alive') || isProblem(error, 'fenced') || isProblem(error, 'allocation-unknown')
      if (!cameBack) throw error
    }
  }
  return standings
}

/** Those at whose endpoint somebody listens, or has bound without listening yet. */
async function usedOf(world: World, claims: readonly Allocation[]): Promise<ReadonlySet<string>> {
  const listeners = await world.machine.listeners({ holders: 'none' })
  const used = new Set<string>()
  for (const claim of claims) {
    const listens = listenersAt(listeners, claim).length > 0
    if (listens || (await world.machine.probe(claim)) === 'taken') used.add(claim.id)
  }
  return used
}

/** Frees those that could be freed and are still as they were when they were last seen, and gives their ids. */
async function free(world: World, leaks: readonly Leak[]): Promise<ReadonlySet<string>> {
  const wanted = leaks.filter((leak) => leak.free).map(({ claim }) => claim)
  const used = wanted.length ? await usedOf(world, wanted) : new Set<string>()
  const fences = new Map(wanted.filter(({ id }) => !used.has(id)).map(({ id, fence }) => [id, fence]))
  const { decision } = await change(world, (registry) => reclaiming(registry, world.host, fences))
  return new Set(decision.claims.map(({ id }) => id))
}

function reclaiming(
  registry: Registry,
  host: string,
  fences: ReadonlyMap<string, number>,
): { changes: Change[]; claims: Allocation[] } {
  const claims = registry.allocations.filter(({ id, fence }) => fences.get(id) === fence)
  const services = [...new Set(claims.map(({ service }) => service))].filter((name) =>
    allocationsOf(registry, { host, name }).every((one) => claims.includes(one)),
  )
  return {
    claims,
    changes: [
      ...claims.map(({ id, fence }): Change => ({ do: 'reclaim', id, fence })),
      ...services.map((name): Change => ({ do: 'remove-service', host, name })),
    ],
  }
}

async function isGone(world: World, claim: Allocation): Promise<boolean> {
  const root = workspaceRoot(claim)
  // The nearest folder that is there is another one where the root is not.
  return root !== null && (await world.files.nearest(root, ['.'])) !== root
}
