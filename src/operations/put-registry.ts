import * as z from '../formats/zod.ts'
import { Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { highestFence, missingFrom, planRestore } from '../core/restore-plan.ts'
import { change } from './change.ts'
import type { Call } from './operation.ts'
import type { RegistryStore, World } from './world.ts'

const counts = z.object({
  ranges: z.int(),
  services: z.int(),
  allocations: z.int(),
  resolutions: z.int(),
  rulings: z.int(),
})

/** What `restore` and `store copy` answer. */
export const putShape = z.object({
  from: z.string(),
  to: z.string(),
  /** What stands in the registry now, and goes. */
  replaced: counts,
  content: counts,
  /** The revision that it became, null where nothing was done. */
  revision: z.nullable(z.int()),
})
export type Put = z.output<typeof putShape>

/**
 * Makes the registry hold the content, in one commit, and reads it back. Throws `registry-not-empty` where something is there and `yes` does not say that it may
 * go, and `copy-differs` where what is read back is not what was put.
 */
export async function putRegistry(
  world: World,
  call: Call,
  { to, from, content }: { readonly to: RegistryStore; readonly from: string; readonly content: Registry },
  { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean },
): Promise<Put> {
  call.progress(`putting ${content.allocations.length} allocations into ${to.place}`)
  const { decision, committed } = await change(
    { ...world, registry: to },
    (present) => {
      const replaced = countsOf(present)
      if (Object.values(replaced).some((number) => number > 0) && !yes && !dryRun)
        throw new Problem('registry-not-empty', { store: to.place, services: replaced.services })
      return { changes: planRestore(present, content), replaced }
    },
    { dryRun, above: highestFence(content) },
  )
  if (committed) {
    call.progress(`reading ${to.place} back`)
    const [first, ...more] = missingFrom(await to.read(), content)
    if (first !== undefined) throw new Problem('copy-differs', { store: to.place, first, more: more.length })
  }
  return {
    from,
    to: to.place,
    replaced: decision.replaced,
    content: countsOf(content),
    revision: committed?.revision ?? null,
  }
}

function countsOf(registry: Registry): z.output<typeof counts> {
  const { ranges, services, allocations, resolutions, rulings } = registry
  return {
    ranges: ranges.length,
    services: services.length,
    allocations: allocations.length,
    resolutions: resolutions.length,
    rulings: rulings.length,
  }
}
