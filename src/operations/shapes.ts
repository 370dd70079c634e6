import { z } from 'zod'
import { parseAddress, anyAddress } from '../core/address.ts'
import { parsePort, parsePorts, port, protocols } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { severities } from '../core/audit/finding.ts'

/** Inputs. They throw a `Problem` themselves, so that every face says the same of a bad port. */
export const portInput = z
  .union([z.string(), z.int()])
  .transform((given): PortNumber => (typeof given === 'string' ? parsePort(given) : port(given)))

/** `3000`, `3005-3010`, or several of them. */
export const portsInput = z
  .array(z.union([z.string(), z.int()]))
  .transform((given): PortNumber[] => [
    ...new Set(given.flatMap((one) => (typeof one === 'string' ? parsePorts(one) : [port(one)]))),
  ])

export const protocolInput = z.enum(protocols).describe('tcp or udp')

export const addressInput = z
  .string()
  .default(anyAddress)
  .transform((text) => parseAddress(text))

export const dryRunInput = z.boolean().default(false).describe('show the plan and change nothing')

/** Outputs. */
export const holderShape = z.object({
  pid: z.int(),
  command: z.string(),
  cwd: z.string().nullable(),
  user: z.string().nullable(),
  startedAt: z.string().nullable(),
})

export const containerShape = z.object({
  engine: z.enum(['docker', 'podman']),
  name: z.string(),
  image: z.string(),
  project: z.string().nullable(),
  service: z.string().nullable(),
})

/** Who had a port, as `last-owners.ts` tells it. */
export const ownerShape = z.object({
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  user: z.string(),
  pid: z.int().nullable(),
  command: z.string().nullable(),
  cwd: z.string().nullable(),
  from: z.string().nullable(),
  seenToBegin: z.boolean(),
  until: z.string().nullable(),
  seenToEnd: z.boolean(),
  milliseconds: z.int().nullable(),
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
  range: z.string().nullable(),
  description: z.string(),
  resolved: z.boolean(),
})
