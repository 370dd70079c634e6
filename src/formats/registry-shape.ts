import { z } from 'zod'
import { levels } from '../core/audit/finding.ts'

const port = z.int().min(1).max(65535)
const time = z.iso.datetime({ offset: true })

const range = z.strictObject({
  name: z.string().min(1).max(200).describe('unique among the ranges'),
  from: port.describe('first port'),
  to: port.describe('last port, included'),
  purpose: z.string(),
  examples: z.string().describe('typical members, for people only'),
})

const allocation = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  address: z.string().min(1).describe("'*' for all addresses, else an IPv4 or IPv6 address"),
  port,
  kind: z.enum(['reservation', 'claim']).describe('chosen by a person, or by the allocator for an owner'),
  owner: z.string().nullable(),
})

const service = z.strictObject({
  name: z.string().min(1).max(200).describe('unique among the services, whatever its case'),
  description: z.string(),
  range: z.string().nullable().describe('name of the range it is listed under'),
  resolved: z.boolean().describe('moved out of a conflict'),
  declared: z.enum(['active', 'reserved']),
  allocations: z.array(allocation),
})

const resolution = z.strictObject({
  service: z.string().min(1).max(200),
  from: port.nullable(),
  to: port,
  why: z.string(),
  when: time.nullable(),
})

const ruling = z.strictObject({
  rule: z.string().min(1).max(100).describe('a rule of the audit'),
  about: z
    .string()
    .min(1)
    .max(200)
    .nullable()
    .describe('the service, range or port that is accepted; null for the level of the rule'),
  level: z.enum(levels),
  why: z.string(),
  when: time.nullable(),
})

/**
 * The form of an exported registry, one host's part of it. `schema` changes with every change that an older reader
 * cannot take.
 */
export const registryShape = z.strictObject({
  $schema: z.string().optional().describe('where an editor finds this description'),
  schema: z.literal(1),
  host: z.string().describe('the host that it was exported from; an import is for the host that imports'),
  ranges: z.array(range),
  services: z.array(service),
  resolutions: z.array(resolution),
  rulings: z.array(ruling).optional(),
})

export type RegistryFile = z.output<typeof registryShape>
