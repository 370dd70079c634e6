import { anyAddress } from './address.ts'
import { browserBlocked } from './browser-blocked.ts'
import type { PortNumber } from './port.ts'
import { isPortNumber } from './port.ts'
import type { RecipeDraft } from './recipe-import.ts'
import { allocationsAt, allocationsOf } from './registry.ts'
import type { Registry } from './registry.ts'

type RecipePlace =
  /** `why` says what it is where the file says another one. */
  { readonly port: PortNumber | null; readonly isNew: boolean; readonly note?: string } | { readonly why: string }

/** Where a service of a file is to listen, or why it cannot have a place. `given` are the ports of the services before it. */
export function placeOf(
  { service, port, fixed, chosen = false }: RecipeDraft,
  registry: Registry,
  host: string,
  given: ReadonlyMap<PortNumber, string>,
): RecipePlace {
  const own = allocationsOf(registry, { host, name: service }).filter(({ protocol }) => protocol === 'tcp')
  const [first] = own
  if (first) {
    const asked = port !== null && (fixed || own.some((one) => one.port === port)) ? port : first.port
    if (chosen && asked !== null && asked !== port && port !== null)
      return { port: asked, isNew: false, note: `the registry has ${asked} for it, and that counts` }
    if (own.some((one) => one.port === asked)) return { port: asked, isNew: false }
    return { why: `its command listens on ${port} whatever it is told, and the registry has ${first.port} for it` }
  }
  if (port === null) return { port, isNew: false }
  const ownerOf = (number: PortNumber): string | null =>
    given.get(number) ??
    allocationsAt(registry, { host, protocol: 'tcp', address: anyAddress, port: number })[0]?.service ??
    null
  const owner = ownerOf(port)
  if (owner === null) return { port, isNew: true }
  if (fixed) return { why: `its command listens on ${port} whatever it is told, and ${port} belongs to ${owner}` }
  if (chosen)
    return { why: `${port} belongs to ${owner}; give it another one here, or: ports reserve "${service}" PORT` }
  for (let next: number = port + 1; isPortNumber(next); next++)
    if (!browserBlocked.has(next) && ownerOf(next) === null) return { port: next, isNew: true }
  return { why: `no port above ${port} is free` }
}
