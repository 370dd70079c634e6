import type { PortNumber } from '../core/port.ts'
import { portsNamed, withPorts } from '../core/port-reference.ts'
import { nameKey } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import { nearest } from '../core/text.ts'
import type { World } from './world.ts'

/**
 * The recipe with digits for its own port and for those of the services that it names, as the registry has them at this moment. Asks the registry only where
 * another service is named. Throws `named-port-unknown`.
 */
export async function tellPorts(world: World, recipe: Recipe, port: PortNumber): Promise<Recipe> {
  const names = portsNamed(recipe)
  const ports = new Map<string, PortNumber>()
  const registry = names.length ? await world.registry.read({ host: world.host }) : null
  for (const name of registry ? names : []) {
    const known = registry && findService(registry, world.host, name)
    const all = registry && known ? allocationsOf(registry, known) : []
    // Who listens on both protocols with one number is meant by that number.
    const numbers = [...new Set(all.map((one) => one.port))]
    const [only] = numbers
    if (only === undefined || numbers.length > 1) {
      const services = registry?.services.map((one) => one.name) ?? []
      const meant = known ? null : nearest(name, services)
      throw new Problem('named-port-unknown', { service: recipe.service, name, ports: numbers, nearest: meant })
    }
    ports.set(nameKey(name), only)
  }
  return withPorts(recipe, port, (name) => ports.get(nameKey(name)) ?? port)
}
