import * as z from '../formats/zod.ts'
import { operation } from './operation.ts'
import { start } from './start.ts'
import { haltNamed } from './stop.ts'

export const restart = operation({
  name: 'restart',
  summary: 'Ends the run of a service and starts it again, as its recipe or its last run says.',
  effect: 'destructive',
  positional: ['name'],
  examples: ['ports restart Grafana', 'ports restart Grafana --timeout 30'],
  input: z.object({
    name: z.string().check(z.describe('the service')),
    timeout: z
      .optional(z.coerce.number().check(z.gte(0), z.lte(3600)))
      .check(z.describe('seconds between asking and forcing (KILL)')),
  }),
  output: start.output,
  async run(world, { name, timeout }, call) {
    // What does not run is only started. A socket that is kept for it stays, and nobody else gets the port meanwhile.
    await haltNamed(world, name, timeout, call, { keepSocket: true })
    return start.run(world, { name, protocol: 'tcp', handOver: false }, call)
  },
})
