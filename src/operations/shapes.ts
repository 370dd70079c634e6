import * as z from '../formats/zod.ts'
import { parseAddress, anyAddress } from '../core/address.ts'
import { parsePort, parsePorts, port, protocols } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { severities } from '../core/audit/finding.ts'

/** Inputs. They throw a `Problem` themselves, so that every face says the same of a bad port. */
export const portInput = z.pipe(
  z.union([z.string(), z.int()]),
  z.transform((given): PortNumber => (typeof given === 'string' ? parsePort(given) : port(given))),
)

/** `3000`, `3005-3010`, or several of them. */
export const portsInput = z.pipe(
  z.array(z.union([z.string(), z.int()])),
  z.transform((given): PortNumber[] => [
    ...new Set(given.flatMap((one) => (typeof one === 'string' ? parsePorts(one) : [port(one)]))),
  ]),
)

export const protocolInput = z.enum(protocols).check(z.describe('tcp or udp'))

export const addressInput = z.pipe(
  z.withDefault(z.string(), anyAddress),
  z.transform((text) => parseAddress(text)),
)

export const dryRunInput = z.withDefault(z.boolean(), false).check(z.describe('show the plan and change nothing'))

/** Outputs. */
export const holderShape = z.object({
  pid: z.int(),
  command: z.string(),
  cwd: z.nullable(z.string()),
  user: z.nullable(z.string()),
  startedAt: z.nullable(z.string()),
})

export const containerShape = z.object({
  engine: z.enum(['docker', 'podman']),
  name: z.string(),
  image: z.string(),
  project: z.nullable(z.string()),
  service: z.nullable(z.string()),
})

/** Who had a port, as `last-owners.ts` tells it. */
export const ownerShape = z.object({
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  user: z.string(),
  pid: z.nullable(z.int()),
  command: z.nullable(z.string()),
  cwd: z.nullable(z.string()),
  from: z.nullable(z.string()),
  seenToBegin: z.boolean(),
  until: z.nullable(z.string()),
  seenToEnd: z.boolean(),
  milliseconds: z.nullable(z.int()),
  flapping: z.boolean(),
})

/** An engine whose socket is there and who said nothing of use. */
export const unansweredShape = z.object({ socket: z.string(), why: z.enum(['denied', 'timeout', 'garbage', 'down']) })

export const findingShape = z.object({
  rule: z.string(),
  severity: z.enum(severities),
  services: z.array(z.string()),
  ports: z.array(z.int()),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  hint: z.string(),
})

export const rangeShape = z.object({
  name: z.string(),
  from: z.int(),
  to: z.int(),
  purpose: z.string(),
  examples: z.string(),
})

/** A service with one of its ports. */
export const allocationShape = z.object({
  id: z.string(),
  /** `*` for every host. */
  host: z.string(),
  service: z.string(),
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  range: z.nullable(z.string()),
  description: z.string(),
  resolved: z.boolean(),
})
