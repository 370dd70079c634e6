import { z } from 'zod'
import { isOver } from '../core/leak.ts'
import { listenersAt } from '../core/verdict.ts'
import { showHolder } from './board.ts'
import { operation } from './operation.ts'
import { claimShape, showClaim } from './show-claim.ts'
import { holderShape } from './shapes.ts'
import { workspaceOf } from './workspace.ts'

export type Claims = z.output<typeof output>
const output = z.object({
  claims: z.array(claimShape.extend({ here: z.boolean(), expired: z.boolean(), holders: z.array(holderShape) })),
})

export const claims = operation({
  name: 'claims',
  summary: 'Lists the claims with their owner, their age and who listens on them now.',
  effect: 'read',
  positional: [],
  examples: ['ports claims', 'ports claims --here', 'ports claims --json'],
  input: z.object({ here: z.boolean().default(false).describe('only those of this workspace') }),
  output,
  async run(world, { here }, call) {
    const registry = await world.registry.read({ host: world.host })
    const owner = await workspaceOf(world, call)
    const wanted = registry.allocations.filter(
      ({ kind, owner: whose }) => kind === 'claim' && (!here || whose === owner.id),
    )
    const listeners = await world.machine.listeners({ ports: new Set(wanted.map(({ port }) => port)), holders: 'all' })
    const wall = world.clock.now().getTime()
    const now = world.clock.moment()
    return {
      claims: wanted.map((one) => ({
        ...showClaim(one),
        here: one.owner === owner.id,
        expired: isOver(one, wall, now),
        holders: listenersAt(listeners, one).flatMap(({ holders }) => holders.map(showHolder)),
      })),
    }
  },
})
