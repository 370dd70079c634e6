import { z } from 'zod'
import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { lookAt } from './look.ts'
import { operation } from './operation.ts'
import { hostInput, hostMeant, isHere, readHost } from './host.ts'
import { allocationsMeant } from './named.ts'
import { promisedAt, tellPort } from './port-story.ts'
import { portStoryShape } from './who-shapes.ts'

export type Who = z.output<typeof output>
const output = z.object({
  host: z.string(),
  /** False where the host is not this machine: of the story only what the registry promises is told. */
  looked: z.boolean(),
  ports: z.array(portStoryShape),
})

export const who = operation({
  name: 'who',
  summary:
    'Tells the whole story of a port: whose it is, who really has it, since when, by whom, and who is connected.',
  effect: 'read',
  positional: ['what'],
  examples: ['ports who 3000', 'ports who "Redis Cache"', 'ports who 5432 --handshake', 'ports who 3000 --json'],
  input: z.object({
    what: z.string().describe('a port, or the name of a service'),
    host: hostInput,
    handshake: z
      .boolean()
      .default(false)
      .describe('ask the server on the loopback who it is, with bytes that change nothing'),
  }),
  output,
  async run(world, { what, host: given, handshake }, call) {
    const host = hostMeant(world, given)
    const looked = isHere(world, host)
    if (handshake && !looked) {
      const why = 'only servers of this machine are asked'
      throw new Problem('argument-invalid', { argument: 'handshake', why, command: 'who' })
    }
    const registry = await readHost(world, host)
    const ports = portsMeant(registry, host, what)
    if (!looked) return { host, looked, ports: ports.map((port) => promisedAt(registry, port)) }
    const seen = await lookAt(world, registry, new Set(ports))
    const stories: Who['ports'] = []
    for (const port of ports) stories.push(await tellPort(world, seen, port, handshake ? call : null))
    return { host, looked, ports: stories }
  },
})

/** Digits mean a port even where a service is called so; anything else is a name. */
function portsMeant(registry: Registry, host: string, what: string): PortNumber[] {
  if (/^[-+]?\d/.test(what) && !findService(registry, host, what)) return [parsePort(what)]
  const ports = allocationsMeant(registry, host, what, undefined).map(({ port }) => port)
  return [...new Set(ports)]
}
