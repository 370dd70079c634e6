import { everyHost } from '../core/host.ts'
import { parseName } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { nearest } from '../core/text.ts'
import type { World } from './world.ts'

/** The host of the registry that a call means: this machine where it names none. Throws `name-invalid`, and `argument-invalid` for a host beside the fleet. */
export function hostMeant(world: World, host: string | undefined, scope: 'host' | 'fleet' = 'host'): string {
  if (scope === 'fleet' && host !== undefined)
    throw new Problem('argument-invalid', { argument: 'host', why: 'the fleet is every host', command: 'claim' })
  if (scope === 'fleet') return everyHost
  return host === undefined ? world.host : parseName(host, 'host')
}

/** Whether the machine can be asked what listens there. */
export function isHere(world: World, host: string): boolean {
  return host === world.host
}

/** What counts on the host. Throws `host-unknown` with the nearest name where the registry has nothing of it; this machine is always known. */
export async function readHost(world: World, host: string): Promise<Registry> {
  const registry = await world.registry.read({ host })
  const isKnown = isHere(world, host) || registry.services.some((service) => service.host === host)
  if (isKnown) return registry
  const { services } = await world.registry.read()
  const hosts = new Set(services.map((service) => service.host))
  hosts.delete(everyHost)
  throw new Problem('host-unknown', { name: host, nearest: nearest(host, hosts) })
}
