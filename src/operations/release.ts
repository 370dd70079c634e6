import * as z from '../formats/zod.ts'
import type { Allocation } from '../core/allocation.ts'
import { claimedService } from '../core/claim-plan.ts'
import { refuseStranger } from '../core/claim-token.ts'
import type { Claimant } from '../core/claim-token.ts'
import type { Change } from '../core/commit.ts'
import type { Protocol } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { change } from './change.ts'
import { ownerOf } from './claim.ts'
import { showAllocation } from './show-allocation.ts'
import { hostInput, hostMeant, scopeInput } from './host.ts'
import { allocationsMeant } from './named.ts'
import { operation } from './operation.ts'
import { claimantOf } from './owner-token.ts'
import { allocationShape, dryRunInput, protocolInput } from './shapes.ts'

export const release = operation({
  name: 'release',
  summary:
    'Gives a port, or all ports of a service, back to the registry; a claim only from its own workspace, with the token of its owner or by its id.',
  effect: 'write',
  positional: ['what'],
  examples: [
    'ports release 3100',
    'ports release "Redis Replica"',
    'ports release web',
    'ports release 53 --protocol udp',
  ],
  input: z.object({
    what: z
      .optional(z.string())
      .check(z.describe('a port, the name of a service, or the name of a claim of this workspace')),
    id: z.optional(z.string()).check(z.describe('the id of an allocation, instead')),
    owner: z
      .optional(z.string())
      .check(
        z.describe('whom the claim is for, where that is not this workspace: its token has to be in IZA_PORTS_TOKEN'),
      ),
    protocol: z.optional(protocolInput),
    host: hostInput,
    scope: scopeInput,
    dryRun: dryRunInput,
  }),
  output: z.object({ released: z.array(allocationShape), unregistered: z.array(z.string()) }),
  async run(world, { what, id, owner: given, protocol, host: on, scope, dryRun }, call) {
    const host = hostMeant(world, on, scope)
    const claimant = await claimantOf(world, call, await ownerOf(world, call, given, host), given !== undefined)
    const { decision } = await change(
      world,
      (registry) => {
        const meant = id === undefined ? owned(registry, host, what, protocol, claimant) : byId(registry, id)
        const released = meant.map((one) => showAllocation(one, findService(registry, one.host, one.service)))
        const services = meant.flatMap((one) => findService(registry, one.host, one.service) ?? [])
        const emptied = [...new Set(services)].filter((service) =>
          allocationsOf(registry, service).every((one) => meant.includes(one)),
        )
        const changes: Change[] = [
          ...meant.map((one): Change => ({ do: 'release', id: one.id, fence: one.fence })),
          ...emptied.map((service): Change => ({ do: 'remove-service', host: service.host, name: service.name })),
        ]
        return { changes, released, unregistered: emptied.map(({ name }) => name) }
      },
      { dryRun },
    )
    return { released: decision.released, unregistered: decision.unregistered }
  },
})

function byId(registry: Registry, id: string): Allocation[] {
  const allocation = registry.allocations.find((one) => one.id === id)
  if (!allocation) throw new Problem('allocation-unknown', { id })
  return [allocation]
}

/** What a name or a port means to this owner: its own claim before anything else, and nobody else's claim. */
function owned(
  registry: Registry,
  host: string,
  what: string | undefined,
  protocol: Protocol | undefined,
  claimant: Claimant,
): Allocation[] {
  const { owner } = claimant
  if (what === undefined)
    throw new Problem('argument-invalid', {
      argument: 'what',
      why: 'a port, a name or --id is needed',
      command: 'release',
    })
  const claimed = findService(registry, host, `${what} @ ${owner.label}`)
  const meant = allocationsMeant(registry, host, claimed ? claimedService(what, owner) : what, protocol)
  for (const one of meant) refuseStranger(one, claimant)
  return meant
}
