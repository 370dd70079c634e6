import { isAbsolute, join } from 'node:path'
import * as z from '../formats/zod.ts'
import { everyHost } from '../core/host.ts'
import { envLines, portsIn, replaceBlock, variableOf } from '../formats/env-block.ts'
import { foreignAmong, textOf, warnOfForeignPorts } from './foreign-ports.ts'
import { operation } from './operation.ts'
import { claimShape, showClaim } from './show-claim.ts'
import { isOfWorkspace, workspaceOf } from './workspace.ts'

export type Env = z.output<typeof output>
const output = z.object({
  claims: z.array(claimShape),
  text: z.string(),
  file: z.nullable(z.string()),
  changed: z.boolean(),
  /** Variables of the file that carry a port of somebody else: a fresh worktree often copies the `.env` of the main checkout. */
  foreign: z.array(z.object({ variable: z.string(), port: z.int(), line: z.int(), service: z.string() })),
})

export const env = operation({
  name: 'env',
  summary: 'Prints the claims of this workspace as environment variables, or keeps them up to date in a file.',
  effect: 'write',
  positional: [],
  examples: ['ports env', 'eval "$(ports env --shell)"', 'ports env --write .env.local'],
  input: z.object({
    write: z
      .optional(z.string())
      .check(z.describe('keep a marked block in this file up to date, and leave the rest of it alone')),
    shell: z.withDefault(z.boolean(), false).check(z.describe('with export, for eval')),
  }),
  output,
  async run(world, { write, shell }, call) {
    const registry = await world.registry.read({ host: world.host })
    const owner = await workspaceOf(world, call)
    const own = eachVariableOnce(
      registry.allocations
        .filter((one) => one.kind === 'claim' && isOfWorkspace(world, owner, one))
        .toSorted((a, b) => Number(a.host === everyHost) - Number(b.host === everyHost) || a.port - b.port)
        .map(showClaim),
    )
    const text = envLines(own, shell)
    const path = write === undefined || isAbsolute(write) ? (write ?? null) : join(call.cwd, write)
    await warnOfForeignPorts(world, call, registry, owner, path)
    if (path === null) return { claims: own, text, file: null, changed: false, foreign: [] }
    const before = await textOf(world, path)
    const after = replaceBlock(before, envLines(own))
    if (after !== before) await world.files.write(path, after)
    const foreign = foreignAmong(portsIn(before, 'without our block'), registry, world.host, owner)
    return { claims: own, text, file: path, changed: after !== before, foreign }
  },
})

/** A name that is claimed here and for the fleet is meant as it is here. */
function eachVariableOnce<Claim extends { readonly name: string }>(claims: readonly Claim[]): Claim[] {
  const seen = new Set<string>()
  return claims.filter(({ name }) => !seen.has(variableOf(name)) && seen.add(variableOf(name)))
}
