import { pairUnits } from './compose-pairs.ts'
import type { Unit } from './compose-pairs.ts'
import type { PlacedMention } from './mention.ts'
import type { PortNumber } from './port.ts'
import { allocationsOf } from './registry.ts'
import type { Registry } from './registry.ts'

/**
 * Which port of its service each published port should be, where that is clear: several published ports of one service share its allocations as
 * `ports compose` would share them.
 */
export function pairPublished(
  mentions: readonly PlacedMention[],
  serviceOf: (mention: PlacedMention) => string | null,
  registry: Registry,
  host: string,
): Map<PlacedMention, { readonly port: PortNumber }> {
  const pairs = new Map<PlacedMention, { readonly port: PortNumber }>()
  const published = mentions.filter((mention) => mention.publish !== null && serviceOf(mention) !== null)
  const groups = Map.groupBy(published, (mention) => `${mention.file}\n${serviceOf(mention)}`)
  for (const group of groups.values()) {
    const name = group[0] ? (serviceOf(group[0]) ?? '') : ''
    const units = new Map<Unit, PlacedMention>(
      group.flatMap((mention) => (mention.publish ? [[unitOf(mention, mention.publish.target), mention]] : [])),
    )
    for (const { unit, allocation } of pairUnits([...units.keys()], allocationsOf(registry, { host, name }), name)) {
      const mention = units.get(unit)
      if (mention && allocation && allocation !== 'ambiguous') pairs.set(mention, { port: allocation.port })
    }
  }
  return pairs
}

function unitOf({ publish, port, protocol }: PlacedMention, target: PortNumber): Unit {
  return { service: publish?.service.name ?? '', published: port, target, protocol, publishes: [] }
}

/** What a list marked `!override` in the same folder makes void. */
export function replacedPublishes(mentions: readonly PlacedMention[]): Set<PlacedMention> {
  const published = mentions.filter(({ publish }) => publish !== null)
  const replacing = new Set(published.filter(({ publish }) => publish?.replaces).map(place))
  return new Set(published.filter((mention) => !mention.publish?.replaces && replacing.has(place(mention))))
}

function place({ file, publish }: PlacedMention): string {
  return `${file.slice(0, file.lastIndexOf('/') + 1)}\n${publish?.service.name ?? ''}`
}
