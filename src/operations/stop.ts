import { z } from 'zod'
import { Problem } from '../core/problem.ts'
import { endProcesses } from './end.ts'
import { requireService } from './named.ts'
import { operation } from './operation.ts'
import { currentRun } from './runs.ts'

export type Stop = z.output<typeof output>
const output = z.object({ service: z.string(), port: z.int(), ended: z.array(z.int()), forced: z.boolean() })

export const stop = operation({
  name: 'stop',
  summary: 'Ends the run of a service that was started with start, all of its processes.',
  effect: 'destructive',
  positional: ['name'],
  examples: ['ports stop Grafana', 'ports stop "Redis Cache" --timeout 30'],
  input: z.object({
    name: z.string().describe('the service'),
    timeout: z.coerce.number().min(0).max(3600).default(5).describe('seconds between asking (TERM) and forcing (KILL)'),
  }),
  output,
  async run(world, { name, timeout }, call) {
    const registry = await world.registry.read({ host: world.host })
    const service = requireService(registry, world.host, name)
    const current = await currentRun(world, service.name)
    if (!current) throw new Problem('not-running', { service: service.name })
    const { forced } = await endProcesses(world, current.members, timeout * 1000, call)
    await world.journal.end(
      current.run.id,
      { code: null, signal: forced.size ? 'KILL' : 'TERM' },
      world.clock.now().toISOString(),
    )
    return {
      service: service.name,
      port: current.run.port,
      ended: current.members.map(({ pid }) => pid),
      forced: forced.size > 0,
    }
  },
})
