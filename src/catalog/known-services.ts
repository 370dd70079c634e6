import { ianaAssigned } from '../core/audit/rules/iana-assigned.ts'
import type { KnownServices } from '../core/known-services.ts'
import type { Registry } from '../core/registry.ts'
import { famousPorts } from './famous-ports.ts'
import { isHomePort } from './home-ports.ts'

/** What the audit and the plan of moves ask the catalog, without the table that only one rule asks for. */
export const knownServices: KnownServices = {
  famousAt: (port) => famousPorts.get(port) ?? null,
  isHome: isHomePort,
  assignedAt: () => null,
}

/** With IANA's table where somebody switched its rule on. */
export async function knownFor({ rulings }: Pick<Registry, 'rulings'>): Promise<KnownServices> {
  const on = rulings.some(({ rule, about, level }) => rule === ianaAssigned.id && about === null && level !== 'off')
  if (!on) return knownServices
  return { ...knownServices, assignedAt: await (await import('./iana.ts')).loadAssignments() }
}
