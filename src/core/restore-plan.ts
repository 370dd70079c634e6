import type { Change } from './commit.ts'
import { nameKey } from './name.ts'
import { resolutionKey, serviceKey } from './registry.ts'
import type { Registry } from './registry.ts'
import { rulingKey } from './ruling.ts'

/**
 * The changes that make a registry hold what another one, or a backup, holds: ids, owners, tokens and times as they were. What stands there now goes, but for the
 * records of moves, which are history and stay. Every allocation gets the fence of this commit, and no session holds it.
 */
export function planRestore(present: Registry, content: Registry): Change[] {
  const ranges = new Set(content.ranges.map(({ name }) => nameKey(name)))
  const services = new Set(content.services.map(({ host, name }) => serviceKey(host, name)))
  const rulings = new Set(content.rulings.map(rulingKey))
  const recorded = new Set(present.resolutions.map(resolutionKey))
  return [
    ...present.allocations.map(({ id, fence }): Change => ({ do: 'release', id, fence })),
    ...present.ranges
      .filter(({ name }) => !ranges.has(nameKey(name)))
      .map(({ name }): Change => ({ do: 'remove-range', name })),
    ...content.ranges.map((range): Change => ({ do: 'put-range', range })),
    ...content.services.map((service): Change => ({ do: 'put-service', service })),
    ...content.allocations.map((allocation): Change => ({ do: 'adopt', allocation })),
    ...present.services
      .filter(({ host, name }) => !services.has(serviceKey(host, name)))
      .map(({ host, name }): Change => ({ do: 'remove-service', host, name })),
    ...content.resolutions
      .filter((resolution) => !recorded.has(resolutionKey(resolution)))
      .map((resolution): Change => ({ do: 'record', resolution })),
    ...present.rulings
      .filter((ruling) => !rulings.has(rulingKey(ruling)))
      .map(({ host, rule, about }): Change => ({ do: 'remove-ruling', ruling: { host, rule, about } })),
    ...content.rulings.map((ruling): Change => ({ do: 'put-ruling', ruling })),
  ]
}

/** The highest number that a fence of the content may have had: every later fence has to be greater. */
export function highestFence({ revision, allocations }: Registry): number {
  return allocations.reduce((highest, { fence }) => Math.max(highest, fence), revision)
}

/** What of the content is not in the registry as it was read back, in words; empty where all of it is. Fences and sessions differ by intention. */
export function missingFrom(present: Registry, content: Registry): string[] {
  const rows = ({ ranges, services, allocations, resolutions, rulings }: Registry): string[] => [
    ...ranges.map(({ name, from, to, purpose, examples }) =>
      JSON.stringify(['range', name, from, to, purpose, examples]),
    ),
    ...services.map(({ host, name, description, range, resolved, declared }) =>
      JSON.stringify(['service', host, name, description, range, resolved, declared]),
    ),
    ...allocations.map(({ id, kind, host, protocol, address, port, service, owner, since, expires, ...rest }) => {
      const bearing = [rest.begun?.boot, rest.begun?.at, rest.tokenHash]
      const row = [id, kind, host, protocol, address, port, service, owner, since, expires, ...bearing]
      return JSON.stringify(['allocation', ...row])
    }),
    ...resolutions.map(({ host, service, from, to, why, when }) =>
      JSON.stringify(['move', host, service, from, to, why, when]),
    ),
    ...rulings.map(({ host, rule, about, level, why, when }) =>
      JSON.stringify(['ruling', host, rule, about, level, why, when]),
    ),
  ]
  const there = new Set(rows(present))
  return rows(content).filter((row) => !there.has(row))
}
