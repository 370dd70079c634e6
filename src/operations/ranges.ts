import * as z from '../formats/zod.ts'
import { holds } from '../core/range.ts'
import { operation } from './operation.ts'
import { rangeShape } from './shapes.ts'

export type Ranges = z.output<typeof output>
const output = z.object({
  ranges: z.array(
    z.extend(rangeShape, {
      /** Ports of the range that are promised on this host. */
      allocated: z.int(),
      size: z.int(),
    }),
  ),
})

export const ranges = operation({
  name: 'ranges',
  summary: 'Lists the ranges with their purpose and how full they are.',
  effect: 'read',
  positional: [],
  examples: ['ports ranges', 'ports ranges --json'],
  input: z.object({}),
  output,
  async run(world) {
    const registry = await world.registry.read({ host: world.host })
    return {
      ranges: registry.ranges.map((range) => ({
        ...range,
        allocated: new Set(registry.allocations.map(({ port }) => port).filter((port) => holds(range, port))).size,
        size: range.to - range.from + 1,
      })),
    }
  },
})
