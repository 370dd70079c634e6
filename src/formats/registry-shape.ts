import * as z from './zod.ts'
import { levels } from '../core/audit/finding.ts'

const port = z.int().check(z.gte(1), z.lte(65535))
const time = z.iso.datetime({ offset: true })

const range = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(200), z.describe('unique among the ranges')),
  from: port.check(z.describe('first port')),
  to: port.check(z.describe('last port, included')),
  purpose: z.string(),
  examples: z.string().check(z.describe('typical members, for people only')),
})

const allocation = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  address: z.string().check(z.minLength(1), z.describe("'*' for all addresses, else an IPv4 or IPv6 address")),
  port,
  kind: z.enum(['reservation', 'claim']).check(z.describe('chosen by a person, or by the allocator for an owner')),
  owner: z.nullable(z.string()),
})

const service = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(200), z.describe('unique among the services, whatever its case')),
  description: z.string(),
  range: z.nullable(z.string()).check(z.describe('name of the range it is listed under')),
  resolved: z.boolean().check(z.describe('moved out of a conflict')),
  declared: z.enum(['active', 'reserved']),
  allocations: z.array(allocation),
})

const resolution = z.strictObject({
  service: z.string().check(z.minLength(1), z.maxLength(200)),
  from: z.nullable(port),
  to: port,
  why: z.string(),
  when: z.nullable(time),
})

const ruling = z.strictObject({
  rule: z.string().check(z.minLength(1), z.maxLength(100), z.describe('a rule of the audit')),
  about: z
    .nullable(z.string().check(z.minLength(1), z.maxLength(200)))
    .check(z.describe('the service, range or port that is accepted; null for the level of the rule')),
  level: z.enum(levels),
  why: z.string(),
  when: z.nullable(time),
})

/**
 * The form of an exported registry, one host's part of it. `schema` changes with every change that an older reader
 * cannot take.
 */
export const registryShape = z.strictObject({
  $schema: z.optional(z.string()).check(z.describe('where an editor finds this description')),
  schema: z.literal(1),
  host: z.string().check(z.describe('the host that it was exported from; an import is for the host that imports')),
  ranges: z.array(range),
  services: z.array(service),
  resolutions: z.array(resolution),
  rulings: z.optional(z.array(ruling)),
})

export type RegistryFile = z.output<typeof registryShape>
