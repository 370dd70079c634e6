import * as z from '../formats/zod.ts'
import type { Allocation } from '../core/allocation.ts'
import { protocols } from '../core/port.ts'

/** A claim as every face shows it. */
export const claimShape = z.object({
  /** `*` for every host. */
  host: z.string(),
  name: z.string(),
  service: z.string(),
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  id: z.string(),
  owner: z.string(),
  since: z.string(),
  expires: z.nullable(z.string()),
  /** `suspect` and `quarantined`: its session was lost. Still nobody else gets it. */
  standing: z.enum(['held', 'suspect', 'quarantined']),
})

export function showClaim({
  host,
  service,
  port,
  protocol,
  address,
  id,
  owner,
  since,
  expires,
  standing,
}: Allocation): z.output<typeof claimShape> {
  return {
    host,
    name: service.split(' @ ')[0] ?? service,
    service,
    port,
    protocol,
    address,
    id,
    owner: owner ?? '',
    since,
    expires,
    standing: standing ?? 'held',
  }
}
