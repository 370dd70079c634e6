import { z } from 'zod'
import type { Change } from '../core/commit.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import { change } from './change.ts'
import { showAllocation } from './list.ts'
import { allocationsMeant } from './named.ts'
import { operation } from './operation.ts'
import { allocationShape, dryRunInput, protocolInput } from './shapes.ts'

export const release = operation({
  name: 'release',
  summary: 'Gives a port, or all ports of a service, back to the registry.',
  effect: 'write',
  positional: ['what'],
  examples: ['ports release 3100', 'ports release "Redis Replica"', 'ports release 53 --protocol udp'],
  input: z.object({
    what: z.string().describe('a port, or the name of a service'),
    protocol: protocolInput.optional(),
    dryRun: dryRunInput,
  }),
  output: z.object({ released: z.array(allocationShape), unregistered: z.array(z.string()) }),
  async run(world, { what, protocol, dryRun }) {
    const { decision } = await change(
      world,
      (registry) => {
        const meant = allocationsMeant(registry, world.host, what, protocol)
        const released = meant.map((one) => showAllocation(one, findService(registry, world.host, one.service)))
        const emptied = [...new Set(released.map(({ service }) => service))].filter((name) =>
          allocationsOf(registry, { host: world.host, name }).every((one) => meant.includes(one)),
        )
        const changes: Change[] = [
          ...meant.map(({ id, fence }): Change => ({ do: 'release', id, fence })),
          ...emptied.map((name): Change => ({ do: 'remove-service', host: world.host, name })),
        ]
        return { changes, released, unregistered: emptied }
      },
      { dryRun },
    )
    return { released: decision.released, unregistered: decision.unregistered }
  },
})
