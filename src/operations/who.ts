import { z } from 'zod'
import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { lookAt } from './look.ts'
import { operation } from './operation.ts'
import { requireService } from './named.ts'
import { tellPort } from './port-story.ts'
import { portStoryShape } from './who-shapes.ts'

export type Who = z.output<typeof output>
const output = z.object({ ports: z.array(portStoryShape) })

export const who = operation({
  name: 'who',
  summary:
    'Tells the whole story of a port: whose it is, who really has it, since when, by whom, and who is connected.',
  effect: 'read',
  positional: ['what'],
  examples: ['ports who 3000', 'ports who "Redis Cache"', 'ports who 5432 --handshake', 'ports who 3000 --json'],
  input: z.object({
    what: z.string().describe('a port, or the name of a service'),
    handshake: z
      .boolean()
      .default(false)
      .describe('ask the server on the loopback who it is, with bytes that change nothing'),
  }),
  output,
  async run(world, { what, handshake }, call) {
    const registry = await world.registry.read({ host: world.host })
    const ports = portsMeant(registry, world.host, what)
    const seen = await lookAt(world, registry, new Set(ports))
    const stories: Who['ports'] = []
    for (const port of ports) stories.push(await tellPort(world, seen, port, handshake ? call : null))
    return { ports: stories }
  },
})

/** Digits mean a port even where a service is called so; anything else is a name. */
function portsMeant(registry: Registry, host: string, what: string): PortNumber[] {
  if (/^[-+]?\d/.test(what) && !findService(registry, host, what)) return [parsePort(what)]
  const ports = allocationsOf(registry, requireService(registry, host, what)).map(({ port }) => port)
  return [...new Set(ports)]
}
