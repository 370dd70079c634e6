import * as z from '../formats/zod.ts'
import { Problem } from '../core/problem.ts'
import { ownerOf } from './claim.ts'
import { hostInput, hostMeant, scopeInput } from './host.ts'
import { operation } from './operation.ts'

export type ShownToken = z.output<typeof output>
const output = z.object({ owner: z.string(), token: z.string() })

export const token = operation({
  name: 'token',
  summary:
    'Prints the secret with which the claims of this workspace, or of another owner, are released from elsewhere.',
  effect: 'read',
  positional: [],
  examples: ['ports token', 'IZA_PORTS_TOKEN=$(ports token --owner ci) ports release web --owner ci'],
  input: z.object({
    owner: z.optional(z.string()).check(z.describe('whose, instead of this workspace')),
    host: hostInput,
    scope: scopeInput,
  }),
  output,
  async run(world, { owner: given, host, scope }, call) {
    const owner = await ownerOf(world, call, given, hostMeant(world, host, scope))
    const kept = await world.tokens.find(owner.id)
    if (!kept) throw new Problem('token-unknown', { owner: owner.id })
    return { owner: owner.id, token: kept.text }
  },
})
