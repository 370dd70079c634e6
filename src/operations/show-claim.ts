import { z } from 'zod'
import type { Allocation } from '../core/allocation.ts'
import { protocols } from '../core/port.ts'

/** A claim as every face shows it. */
export const claimShape = z.object({
  name: z.string(),
  service: z.string(),
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  id: z.string(),
  owner: z.string(),
  since: z.string(),
  expires: z.string().nullable(),
})

export function showClaim({
  service,
  port,
  protocol,
  address,
  id,
  owner,
  since,
  expires,
}: Allocation): z.output<typeof claimShape> {
  return {
    name: service.split(' @ ')[0] ?? service,
    service,
    port,
    protocol,
    address,
    id,
    owner: owner ?? '',
    since,
    expires,
  }
}
