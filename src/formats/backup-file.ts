import * as z from './zod.ts'
import { parseAddress } from '../core/address.ts'
import { bearingOf } from '../core/allocation.ts'
import { levels } from '../core/audit/finding.ts'
import { everyHost } from '../core/host.ts'
import { parseName } from '../core/name.ts'
import { port, protocols } from '../core/port.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { makeRange } from '../core/range.ts'
import type { Registry } from '../core/registry.ts'
import { withoutSession } from '../core/standing.ts'

const number = z.pipe(z.int().check(z.gte(1), z.lte(65_535)), z.transform(port))
const host = z.pipe(
  z.string(),
  z.transform((text) => (text === everyHost ? text : parseName(text, 'host'))),
)
const service = z.pipe(
  z.string(),
  z.transform((text) => parseName(text, 'service')),
)
const positive = z.int().check(z.gte(0))

const shape = z.strictObject({
  backup: z.literal(1),
  at: z.string(),
  store: z.string(),
  revision: positive,
  ranges: z.array(
    z.pipe(
      z.strictObject({ name: z.string(), from: number, to: number, purpose: z.string(), examples: z.string() }),
      z.transform(makeRange),
    ),
  ),
  services: z.array(
    z.strictObject({
      host,
      name: service,
      description: z.string(),
      range: z.nullable(z.string()),
      resolved: z.boolean(),
      declared: z.enum(['active', 'reserved']),
    }),
  ),
  allocations: z.array(
    z.strictObject({
      id: z.string().check(z.minLength(1)),
      fence: positive,
      kind: z.enum(['reservation', 'claim']),
      host,
      protocol: z.enum(protocols),
      address: z.pipe(z.string(), z.transform(parseAddress)),
      port: number,
      service,
      owner: z.nullable(z.string()),
      since: z.string(),
      expires: z.nullable(z.string()),
      begun: z.optional(z.strictObject({ boot: z.string(), at: z.number() })),
      tokenHash: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
  resolutions: z.array(
    z.strictObject({
      host,
      service,
      from: z.nullable(number),
      to: number,
      why: z.string(),
      when: z.nullable(z.string()),
    }),
  ),
  rulings: z.array(
    z.strictObject({
      host: z.nullable(host),
      rule: z.string(),
      about: z.nullable(z.string()),
      level: z.enum(levels),
      why: z.string(),
      when: z.nullable(z.string()),
    }),
  ),
})

/** The whole registry, all hosts, with ids, fences, owners and what their tokens are known by: what `restore` takes. Sessions are left out: they are somebody's life, and that is not in a file. */
export function writeBackup(registry: Registry, store: string, at: string): string {
  const { revision, ranges, services, resolutions, rulings } = registry
  const allocations = registry.allocations.map(withoutSession)
  const file = { backup: 1, at, store, revision, ranges, services, allocations, resolutions, rulings }
  return `${JSON.stringify(file, null, 1)}\n`
}

/** Reads a backup, whole or not at all. Throws `backup-invalid`; `path` is for that message. */
export function readBackup(text: string, path: string): { registry: Registry; at: string; store: string } {
  const refuse = (why: string): Problem => new Problem('backup-invalid', { path, why })
  try {
    const read = shape.safeParse(JSON.parse(text))
    if (!read.success) {
      const [issue] = read.error.issues
      throw refuse(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'it has another form'}`)
    }
    const { at, store, revision, ranges, services, resolutions, rulings } = read.data
    const allocations = read.data.allocations.map(({ begun, tokenHash, ...rest }) => ({
      ...rest,
      ...bearingOf({ begun, tokenHash, session: null, standing: null }),
    }))
    return { registry: { revision, ranges, services, allocations, resolutions, rulings }, at, store }
  } catch (error) {
    if (isProblem(error, 'backup-invalid')) throw error
    if (isProblem(error) || error instanceof SyntaxError) throw refuse(error.message)
    throw error
  }
}
