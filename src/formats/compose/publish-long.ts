import type { Publish } from '../../core/compose.ts'
import { PublishError, readHostIp, readPort, readProtocol, readRange, targetPort } from './publish-short.ts'
import { kindOf, textOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

const known = new Set(['target', 'published', 'host_ip', 'protocol', 'mode', 'name', 'app_protocol'])

/**
 * Reads a port written as a mapping. Stricter than Compose, which passes on what the engine then refuses: a published port must be a number or a
 * range, an address one. Throws `PublishError`. Source: the Compose specification, "ports, long syntax".
 */
export function readLongPublish(
  map: MapTree,
): Omit<Publish, 'service' | 'entry' | 'syntax' | 'file' | 'line' | 'column'> {
  for (const key of map.entries.keys()) {
    if (!known.has(key) && !key.startsWith('x-')) throw new PublishError(`a port has no attribute '${key}'`)
  }
  const target = scalarText(map, 'target')
  if (target === null) throw new PublishError('the port names no target')
  if (!/^\+?[0-9]+$/.test(target)) throw new PublishError(`'${target}' is not a container port`)
  const published = scalarText(map, 'published')
  const range = published ? readRange(published, 'published port') : { from: 0, to: 0 }
  return {
    hostIp: readHostIp(scalarText(map, 'host_ip') ?? ''),
    published: readPort(range.from),
    publishedTo: range.to > range.from ? readPort(range.to) : null,
    target: targetPort(Number(target)),
    protocol: readProtocol(scalarText(map, 'protocol') || 'tcp'),
    mode: scalarText(map, 'mode') || 'ingress',
    name: scalarText(map, 'name') || null,
    appProtocol: scalarText(map, 'app_protocol') || null,
  }
}

function scalarText(map: MapTree, key: string): string | null {
  const value: Tree | undefined = map.entries.get(key)
  if (value === undefined) return null
  const text = textOf(value)
  if (text === null || (value.kind === 'scalar' && (value.type === 'boolean' || value.type === 'float'))) {
    throw new PublishError(`${key} takes a number or a text, not ${kindOf(value)}`)
  }
  return text
}
