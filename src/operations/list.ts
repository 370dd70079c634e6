import * as z from '../formats/zod.ts'
import { allocationsOf } from '../core/registry.ts'
import { nameKey } from '../core/name.ts'
import { hostInput, hostMeant, readHost } from './host.ts'
import { requireRange } from './named.ts'
import { operation } from './operation.ts'
import { allocationShape } from './shapes.ts'
import { showAllocation } from './show-allocation.ts'

export type List = z.output<typeof output>
const output = z.object({ host: z.string(), revision: z.int(), services: z.array(allocationShape) })

export const list = operation({
  name: 'list',
  summary: 'Lists the registered services with their ports, without looking at what runs.',
  effect: 'read',
  positional: [],
  examples: ['ports list', 'ports list --range "Database Services"', 'ports list --host db1', 'ports list --json'],
  input: z.object({
    range: z.optional(z.string()).check(z.describe('only the services of this range')),
    host: hostInput,
  }),
  output,
  async run(world, input) {
    const host = hostMeant(world, input.host)
    const registry = await readHost(world, host)
    const range = input.range === undefined ? null : requireRange(registry, input.range)
    return {
      host,
      revision: registry.revision,
      services: registry.services
        .filter((service) => !range || (service.range !== null && nameKey(service.range) === nameKey(range.name)))
        .flatMap((service) =>
          allocationsOf(registry, service).map((allocation) => showAllocation(allocation, service)),
        ),
    }
  },
})
