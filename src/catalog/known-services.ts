import type { KnownServices } from '../core/known-services.ts'
import { famousPorts } from './famous-ports.ts'
import { isHomePort } from './home-ports.ts'

/** What the audit and the plan of moves ask the catalog. */
export const knownServices: KnownServices = {
  famousAt: (port) => famousPorts.get(port) ?? null,
  isHome: isHomePort,
  assignedAt: () => null,
}
