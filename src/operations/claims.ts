import * as z from '../formats/zod.ts'
import type { Allocation } from '../core/allocation.ts'
import { isOver } from '../core/leak.ts'
import { listenersAt } from '../core/verdict.ts'
import { showHolder } from './board.ts'
import { operation } from './operation.ts'
import { claimShape, showClaim } from './show-claim.ts'
import { holderShape } from './shapes.ts'
import { hostInput, hostMeant, isHere, readHost } from './host.ts'
import { isOfWorkspace, workspaceOf } from './workspace.ts'

export type Claims = z.output<typeof output>
const output = z.object({
  host: z.string(),
  /** False where the host is not this machine: nobody looked at who listens there. */
  looked: z.boolean(),
  claims: z.array(z.extend(claimShape, { here: z.boolean(), expired: z.boolean(), holders: z.array(holderShape) })),
})

export const claims = operation({
  name: 'claims',
  summary: 'Lists the claims with their owner, their age and who listens on them now.',
  effect: 'read',
  positional: [],
  examples: ['ports claims', 'ports claims --here', 'ports claims --json'],
  input: z.object({
    here: z.withDefault(z.boolean(), false).check(z.describe('only those of this workspace')),
    host: hostInput,
  }),
  output,
  async run(world, { here, host: given }, call) {
    const host = hostMeant(world, given)
    const registry = await readHost(world, host)
    const looked = isHere(world, host)
    const workspace = await workspaceOf(world, call)
    const isMine = (one: Allocation): boolean => isOfWorkspace(world, workspace, one)
    const wanted = registry.allocations.filter((one) => one.kind === 'claim' && (!here || isMine(one)))
    const ports = new Set(wanted.map(({ port }) => port))
    const listeners = looked ? await world.machine.listeners({ ports, holders: 'all' }) : []
    const wall = world.clock.now().getTime()
    const now = world.clock.moment()
    return {
      host,
      looked,
      claims: wanted.map((one) => ({
        ...showClaim(one),
        here: isMine(one),
        expired: isOver(one, wall, now),
        holders: listenersAt(listeners, one).flatMap(({ holders }) => holders.map(showHolder)),
      })),
    }
  },
})
