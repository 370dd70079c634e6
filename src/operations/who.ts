import { z } from 'zod'
import { protocols } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { verdicts } from '../core/verdict.ts'
import { lookAt } from './look.ts'
import { showHolder } from './board.ts'
import { operation } from './operation.ts'
import { requireService } from './named.ts'
import { allocationShape, holderShape } from './shapes.ts'
import { showAllocation } from './list.ts'

export type Who = z.output<typeof output>
const output = z.object({
  ports: z.array(
    z.object({
      port: z.int(),
      allocations: z.array(allocationShape.extend({ verdict: z.enum(verdicts), by: z.string().nullable() })),
      listeners: z.array(
        z.object({
          protocol: z.enum(protocols),
          family: z.union([z.literal(4), z.literal(6)]),
          address: z.string(),
          user: z.string(),
          holders: z.array(holderShape),
        }),
      ),
    }),
  ),
})

export const who = operation({
  name: 'who',
  summary: 'Tells whose a port is and who really has it: the allocation, every listener and every holder.',
  effect: 'read',
  positional: ['what'],
  examples: ['ports who 3000', 'ports who "Redis Cache"', 'ports who 3000 --json'],
  input: z.object({ what: z.string().describe('a port, or the name of a service') }),
  output,
  async run(world, { what }) {
    const registry = await world.registry.read({ host: world.host })
    const ports = portsMeant(registry, world.host, what)
    const { listeners, judged } = await lookAt(world, registry, new Set(ports))
    return {
      ports: ports.map((port) => ({
        port,
        allocations: [...judged]
          .filter(([allocation]) => allocation.port === port)
          .map(([allocation, { verdict, evidence }]) => ({
            ...showAllocation(allocation, findService(registry, world.host, allocation.service)),
            verdict,
            by: evidence?.identified.by ?? null,
          })),
        listeners: listeners
          .filter((listener) => listener.port === port)
          .map(({ protocol, family, address, user, holders }) => ({
            protocol,
            family,
            address,
            user,
            holders: holders.map(showHolder),
          })),
      })),
    }
  },
})

/** Digits mean a port even where a service is called so; anything else is a name. */
function portsMeant(registry: Registry, host: string, what: string): PortNumber[] {
  if (/^[-+]?\d/.test(what) && !findService(registry, host, what)) return [parsePort(what)]
  const ports = allocationsOf(registry, requireService(registry, host, what)).map(({ port }) => port)
  return [...new Set(ports)]
}
