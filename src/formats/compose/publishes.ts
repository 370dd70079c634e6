import type { Publish } from '../../core/compose.ts'
import { invalid } from './invalid.ts'
import { readLongPublish } from './publish-long.ts'
import { PublishError, readShortPublish } from './publish-short.ts'
import { kindOf } from './tree.ts'
import type { Tree } from './tree.ts'

/**
 * The published ports of a service from its merged `ports`, in their order. Of two entries that bind the same the later one counts, as in Compose.
 * Throws with the place of an entry that is no port.
 */
export function readPublishes(service: string, ports: Tree | undefined): Publish[] {
  if (ports === undefined) return []
  if (ports.kind !== 'list') throw invalid(ports.place, `the ports of ${service} must be a list, not ${kindOf(ports)}`)
  const publishes = new Map<string, Publish>()
  for (const [entry, item] of ports.items.entries()) {
    for (const publish of readEntry(service, item, entry)) publishes.set(bindingOf(publish), publish)
  }
  return [...publishes.values()]
}

function readEntry(service: string, item: Tree, entry: number): Publish[] {
  const { place } = item
  try {
    if (item.kind === 'map') {
      return [{ service, ...readLongPublish(item), entry, syntax: 'long', ...place }]
    }
    if (item.kind !== 'scalar' || (item.type !== 'string' && item.type !== 'integer')) {
      throw new PublishError(`${kindOf(item)} is not a port`)
    }
    return readShortPublish(item.text).map((published) => {
      return { service, ...published, mode: 'ingress', name: null, appProtocol: null, entry, syntax: 'short', ...place }
    })
  } catch (error) {
    if (error instanceof PublishError) throw invalid(place, `service ${service}: ${error.message}`)
    throw error
  }
}

function bindingOf({ hostIp, published, publishedTo, target, protocol }: Publish): string {
  return `${hostIp ?? '0.0.0.0'} ${published}-${publishedTo} ${target} ${protocol}`
}
