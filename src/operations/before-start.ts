import type { Recipe } from '../core/recipe.ts'
import { allocationsOf } from '../core/registry.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** Tells of the services that this one waits for where nobody listens in their place: `start` starts one service alone. */
export async function warnOfAbsent(world: World, { service, after }: Recipe, call: Call): Promise<void> {
  if (!after.length || !call.warn) return
  const registry = await world.registry.read({ host: world.host })
  const portsOf = new Map(after.map((name) => [name, allocationsOf(registry, { host: world.host, name })]))
  const ports = new Set([...portsOf.values()].flat().map(({ port }) => port))
  const listeners = ports.size ? await world.machine.listeners({ ports, holders: 'none' }) : []
  for (const [name, own] of portsOf) {
    const isThere = own.some(({ port, protocol }) =>
      listeners.some((listener) => listener.port === port && listener.protocol === protocol),
    )
    if (!isThere) call.warn(`${service} waits for ${name}, and nobody listens there: ports up "${service}" starts both`)
  }
}
