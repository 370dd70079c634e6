import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { hostMeant, isHere, readHost } from './host-meant.ts'
import { lookAt } from './look.ts'
import { allocationsMeant } from './named.ts'
import type { Call } from './operation.ts'
import { promisedAt, tellPort } from './port-story.ts'
import type { PortStory } from './who-shapes.ts'
import type { World } from './world.ts'

/**
 * The story of every port that `what` means. `handshake`: the call on whose behalf the servers themselves are asked, null where they are not. Throws `port-invalid`,
 * `service-unknown` and `argument-invalid`.
 */
export async function tellWho(
  world: World,
  what: string,
  given: string | undefined,
  handshake: Call | null,
): Promise<{ host: string; looked: boolean; ports: PortStory[] }> {
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
  const stories: PortStory[] = []
  for (const port of ports) stories.push(await tellPort(world, seen, port, handshake))
  return { host, looked, ports: stories }
}

/** Digits mean a port unless a service is called so; anything else is a name. */
function portsMeant(registry: Registry, host: string, what: string): PortNumber[] {
  if (/^[-+]?\d/.test(what) && !findService(registry, host, what)) return [parsePort(what)]
  const ports = allocationsMeant(registry, host, what, undefined).map(({ port }) => port)
  return [...new Set(ports)]
}
