import * as z from '../formats/zod.ts'
import { causeKinds } from '../core/cause.ts'
import { protocols } from '../core/port.ts'
import { clues, verdicts } from '../core/verdict.ts'
import { allocationShape, containerShape, holderShape, ownerShape, unansweredShape } from './shapes.ts'

const family = z.union([z.literal(4), z.literal(6)])

/** Everything that is known of one process that has the port. */
const fullHolderShape = z.extend(holderShape, {
  name: z.string(),
  project: z.nullable(z.object({ name: z.string(), file: z.string() })),
  checkout: z.nullable(
    z.object({
      root: z.string(),
      branch: z.nullable(z.string()),
      commit: z.nullable(z.string()),
      worktreeOf: z.nullable(z.string()),
    }),
  ),
  framework: z.nullable(z.string()),
  /** Since it started; the share is of one processor, on average. */
  uptimeSeconds: z.nullable(z.number()),
  cpuSeconds: z.nullable(z.number()),
  cpuPercent: z.nullable(z.number()),
  memoryBytes: z.nullable(z.number()),
  unit: z.nullable(z.string()),
  unitOfUser: z.boolean(),
  container: z.nullable(containerShape),
  causes: z.array(z.object({ kind: z.enum(causeKinds), name: z.string(), pid: z.int(), command: z.string() })),
  /** Whoever started it has ended. */
  orphan: z.boolean(),
})

const publishedShape = z.extend(containerShape, {
  address: z.string(),
  protocol: z.enum(protocols),
  /** The port inside. */
  target: z.int(),
  /** Whether somebody listens there: `loopback` where publishing does not reach it, null where nobody could look. */
  inside: z.nullable(z.enum(['listens', 'loopback', 'nobody'])),
})

const heardShape = z.object({
  address: z.string(),
  /** The program that answered so, null where its answer tells none. */
  program: z.nullable(z.string()),
  by: z.nullable(z.string()),
  says: z.string(),
  certificate: z.nullable(
    z.object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      until: z.nullable(z.string()),
      protocol: z.nullable(z.string()),
    }),
  ),
})

export const portStoryShape = z.object({
  port: z.int(),
  allocations: z.array(
    z.extend(allocationShape, {
      /** Null where the host was not looked at. */
      verdict: z.nullable(z.enum(verdicts)),
      by: z.nullable(z.enum(clues)),
      /** The process that decided the verdict, and the container, unit or program. */
      evidence: z.nullable(z.object({ pid: z.nullable(z.int()), name: z.nullable(z.string()) })),
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
      unit: z.nullable(z.string()),
      container: z.nullable(containerShape),
      holders: z.array(holderShape),
    }),
  ),
  holders: z.array(fullHolderShape),
  containers: z.array(publishedShape),
  clients: z.array(
    z.object({
      address: z.string(),
      connections: z.int(),
      pid: z.nullable(z.int()),
      command: z.nullable(z.string()),
      user: z.nullable(z.string()),
    }),
  ),
  /** For TCP; null where the host was not looked at. */
  localhost: z.nullable(z.enum(['same', 'split', 'unknown', 'one-family', 'nobody'])),
  shadows: z.array(
    z.object({ protocol: z.enum(protocols), hidden: z.string(), by: z.string(), pid: z.nullable(z.int()) }),
  ),
  /** Null where the host was not looked at. */
  namespaces: z.nullable(
    z.object({
      own: z.string(),
      others: z.array(
        z.object({
          name: z.string(),
          pid: z.int(),
          listens: z.nullable(z.boolean()),
          container: z.nullable(z.string()),
        }),
      ),
    }),
  ),
  unanswered: z.array(unansweredShape),
  /** Who had it last, the latest first, as far as somebody watched. */
  lastOwners: z.array(ownerShape),
  /** What the servers said, null where nobody asked. */
  heard: z.nullable(z.array(heardShape)),
  /** What to do next: commands. */
  next: z.array(z.object({ what: z.string(), command: z.string() })),
})
export type PortStory = z.output<typeof portStoryShape>
export type FullHolder = z.output<typeof fullHolderShape>
