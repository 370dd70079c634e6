import { z } from 'zod'
import { causeKinds } from '../core/cause.ts'
import { protocols } from '../core/port.ts'
import { clues, verdicts } from '../core/verdict.ts'
import { allocationShape, containerShape, holderShape, ownerShape, unansweredShape } from './shapes.ts'

const family = z.union([z.literal(4), z.literal(6)])

/** Everything that is known of one process that has the port. */
const fullHolderShape = holderShape.extend({
  name: z.string(),
  project: z.object({ name: z.string(), file: z.string() }).nullable(),
  checkout: z
    .object({
      root: z.string(),
      branch: z.string().nullable(),
      commit: z.string().nullable(),
      worktreeOf: z.string().nullable(),
    })
    .nullable(),
  framework: z.string().nullable(),
  /** Since it started; the share is of one processor, on average. */
  uptimeSeconds: z.number().nullable(),
  cpuSeconds: z.number().nullable(),
  cpuPercent: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  unit: z.string().nullable(),
  unitOfUser: z.boolean(),
  container: containerShape.nullable(),
  causes: z.array(z.object({ kind: z.enum(causeKinds), name: z.string(), pid: z.int(), command: z.string() })),
  /** Whoever started it has ended. */
  orphan: z.boolean(),
})

const publishedShape = containerShape.extend({
  address: z.string(),
  protocol: z.enum(protocols),
  /** The port inside. */
  target: z.int(),
  /** Whether somebody listens there: `loopback` where publishing does not reach it, null where nobody could look. */
  inside: z.enum(['listens', 'loopback', 'nobody']).nullable(),
})

const heardShape = z.object({
  address: z.string(),
  /** The program that answered so, null where its answer tells none. */
  program: z.string().nullable(),
  by: z.string().nullable(),
  says: z.string(),
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      until: z.string().nullable(),
      protocol: z.string().nullable(),
    })
    .nullable(),
})

export const portStoryShape = z.object({
  port: z.int(),
  allocations: z.array(
    allocationShape.extend({
      /** Null where the host was not looked at. */
      verdict: z.enum(verdicts).nullable(),
      by: z.enum(clues).nullable(),
      /** The process that decided the verdict, and the container, unit or program. */
      evidence: z.object({ pid: z.int().nullable(), name: z.string().nullable() }).nullable(),
    }),
  ),
  listeners: z.array(
    z.object({
      protocol: z.enum(protocols),
      family,
      address: z.string(),
      /** An IPv6 socket that takes no IPv4. */
      v6only: z.boolean(),
      exposure: z.enum(['loopback', 'network', 'everywhere']),
      /** How many sockets share this very endpoint (`SO_REUSEPORT`), itself among them. */
      shared: z.int(),
      user: z.string(),
      unit: z.string().nullable(),
      container: containerShape.nullable(),
      holders: z.array(holderShape),
    }),
  ),
  holders: z.array(fullHolderShape),
  containers: z.array(publishedShape),
  clients: z.array(
    z.object({
      address: z.string(),
      connections: z.int(),
      pid: z.int().nullable(),
      command: z.string().nullable(),
      user: z.string().nullable(),
    }),
  ),
  /** For TCP; null where the host was not looked at. */
  localhost: z.enum(['same', 'split', 'unknown', 'one-family', 'nobody']).nullable(),
  shadows: z.array(
    z.object({ protocol: z.enum(protocols), hidden: z.string(), by: z.string(), pid: z.int().nullable() }),
  ),
  /** Null where the host was not looked at. */
  namespaces: z
    .object({
      own: z.string(),
      others: z.array(
        z.object({ name: z.string(), pid: z.int(), listens: z.boolean().nullable(), container: z.string().nullable() }),
      ),
    })
    .nullable(),
  unanswered: z.array(unansweredShape),
  /** Who had it last, the latest first, as far as somebody watched. */
  lastOwners: z.array(ownerShape),
  /** What the servers said, null where nobody asked. */
  heard: z.array(heardShape).nullable(),
  /** What to do next: commands. */
  next: z.array(z.object({ what: z.string(), command: z.string() })),
})
export type PortStory = z.output<typeof portStoryShape>
export type FullHolder = z.output<typeof fullHolderShape>
