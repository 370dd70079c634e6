import { z } from 'zod'
import { refuseStranger } from '../core/claim-token.ts'
import type { Change } from '../core/commit.ts'
import { Problem } from '../core/problem.ts'
import { allocationsAt, findService } from '../core/registry.ts'
import { change } from './change.ts'
import { showAllocation } from './list.ts'
import { allocationsMeant } from './named.ts'
import { operation } from './operation.ts'
import { claimantOf } from './owner-token.ts'
import { allocationShape, dryRunInput, portInput, protocolInput } from './shapes.ts'
import { workspaceOf } from './workspace.ts'

export const move = operation({
  name: 'move',
  summary: 'Gives a service another port, and records why where a conflict is ended by it.',
  effect: 'write',
  positional: ['what', 'to'],
  examples: [
    'ports move Grafana 3006',
    'ports move "FastAPI" 4010 --why "inside AI & LLM Services"',
    'ports move 8081 5081 --dry-run',
  ],
  input: z.object({
    what: z.string().describe('the service, or the port that it has now'),
    to: portInput.describe('the port that it is to have'),
    protocol: protocolInput.optional(),
    why: z.string().optional().describe('record this as the move that ended a conflict, and why'),
    dryRun: dryRunInput,
  }),
  output: z.object({ service: allocationShape, from: z.int(), to: z.int(), recorded: z.boolean() }),
  async run(world, { what, to, protocol, why, dryRun }, call) {
    const { host } = world
    const claimant = await claimantOf(world, call, await workspaceOf(world, call), false)
    const when = world.clock.now().toISOString()
    const { decision } = await change(
      world,
      (registry) => {
        const meant = allocationsMeant(registry, host, what, protocol)
        const [allocation] = meant
        if (!allocation || meant.length > 1) {
          throw new Problem('several-ports', { service: what, ports: meant.map(({ port }) => port) })
        }
        // Whoever moves a claim takes a port away from its owner.
        refuseStranger(allocation, claimant)
        const moved = { ...allocation, port: to }
        const owner = allocationsAt(registry, moved).find((one) => one !== allocation)
        if (owner) {
          const { address } = allocation
          throw new Problem('conflict', {
            port: to,
            protocol: owner.protocol,
            address,
            service: owner.service,
            wanted: allocation.service,
          })
        }
        const service = findService(registry, host, allocation.service)
        const changes: Change[] = []
        if (allocation.port !== to) {
          changes.push({ do: 'move', id: allocation.id, fence: allocation.fence, candidates: [to] })
          if (why !== undefined) {
            changes.push({
              do: 'record',
              resolution: { host, service: allocation.service, from: allocation.port, to, why, when },
            })
            if (service) changes.push({ do: 'put-service', service: { ...service, resolved: true } })
          }
        }
        return { changes, service: showAllocation(moved, service), from: allocation.port }
      },
      { dryRun },
    )
    return {
      service: decision.service,
      from: decision.from,
      to,
      recorded: why !== undefined && decision.changes.length > 0,
    }
  },
})
