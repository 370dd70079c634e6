import type { Allocation } from '../allocation.ts'
import { holds } from '../range.ts'
import type { Range } from '../range.ts'
import { allocationsOf, findRange } from '../registry.ts'
import type { Registry } from '../registry.ts'
import type { Subject } from './finding.ts'

/** A promise whose port lies outside of the range that its service stands in. */
interface Misplaced {
  readonly service: string
  readonly own: Range
  readonly allocation: Allocation
}

const known = new WeakMap<Registry, { readonly host: string; readonly misplaced: readonly Misplaced[] }>()

/** Every misplaced promise of the host, in the order of the services. Kept with the registry: two rules ask for it. */
export function misplacedIn({ registry, host }: Pick<Subject, 'registry' | 'host'>): readonly Misplaced[] {
  const before = known.get(registry)
  if (before?.host === host) return before.misplaced
  const misplaced = find(registry, host)
  known.set(registry, { host, misplaced })
  return misplaced
}

function find(registry: Registry, host: string): Misplaced[] {
  // Many services share few ranges, and a name's key costs more than a look into a table.
  const ranges = new Map<string, Range | null>()
  const found: Misplaced[] = []
  for (const service of registry.services) {
    if (service.host !== host || service.range === null) continue
    let own = ranges.get(service.range)
    if (own === undefined) ranges.set(service.range, (own = findRange(registry, service.range)))
    if (!own) continue
    for (const allocation of allocationsOf(registry, service)) {
      if (!holds(own, allocation.port)) found.push({ service: service.name, own, allocation })
    }
  }
  return found
}
