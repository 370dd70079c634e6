import { z } from 'zod'
import type { Allocation } from '../core/allocation.ts'
import type { Change } from '../core/commit.ts'
import { allocationsOf } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { change } from './change.ts'
import { operation } from './operation.ts'
import { claimShape, showClaim } from './show-claim.ts'
import { staleClaims } from './stale-claims.ts'
import type { World } from './world.ts'

export type Garbage = z.output<typeof output>
const output = z.object({ claims: z.array(claimShape.extend({ why: z.string() })), freed: z.boolean() })

export const gc = operation({
  name: 'gc',
  summary:
    'Shows the claims that could be released and why, and releases them with --yes; never one that somebody listens on.',
  effect: 'write',
  positional: [],
  examples: ['ports gc', 'ports gc --yes'],
  input: z.object({ yes: z.boolean().default(false).describe('release them') }),
  output,
  async run(world, { yes }) {
    const reasons = new Map<string, string>()
    const { decision } = await change(world, await collector(world, reasons), { dryRun: !yes })
    const claims = decision.claims.map((one) => ({ ...showClaim(one), why: reasons.get(one.id) ?? '' }))
    return { claims, freed: yes && claims.length > 0 }
  },
})

/** Decides what to release: the listeners and folders are looked at before, so that the decision itself is pure. */
async function collector(world: World, reasons: Map<string, string>) {
  const registry = await world.registry.read({ host: world.host })
  const listeners = await world.machine.listeners({ holders: 'none' })
  for (const [{ id }, why] of await staleClaims(world, registry, listeners)) reasons.set(id, why)
  return (current: Registry): { changes: Change[]; claims: Allocation[] } => {
    const claims = current.allocations.filter(({ id }) => reasons.has(id))
    const services = [...new Set(claims.map(({ service }) => service))].filter((name) =>
      allocationsOf(current, { host: world.host, name }).every((one) => claims.includes(one)),
    )
    return {
      claims,
      changes: [
        ...claims.map(({ id, fence }): Change => ({ do: 'release', id, fence })),
        ...services.map((name): Change => ({ do: 'remove-service', host: world.host, name })),
      ],
    }
  }
}
