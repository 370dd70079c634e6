import type { Owner } from '../core/claim-plan.ts'
import type { Claimant } from '../core/claim-token.ts'
import type { Token } from '../core/token.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** The variable in which a token is presented: arguments are seen by everybody in the process table, the environment by nobody else. */
const variable = 'IZA_PORTS_TOKEN'

/** The token that the caller presents, null where it presents none. Throws `token-invalid`. */
function presentedToken(world: World, call: Call): Token | null {
  const text = call.environment[variable]
  return text ? world.tokens.read(text) : null
}

/** That with which a claim for the owner is made: the presented one, or the one that is kept here. */
export async function claimingToken(world: World, call: Call, owner: string): Promise<Token> {
  return presentedToken(world, call) ?? (await world.tokens.keep(owner))
}

/**
 * Who wants to change a claim, and what shows it. Where the owner is only named, what lies here for it does not count: naming it is what anybody could do.
 */
export async function claimantOf(world: World, call: Call, owner: Owner, named: boolean): Promise<Claimant> {
  const token = presentedToken(world, call) ?? (named ? null : await world.tokens.find(owner.id))
  return { owner, named, tokenHash: token?.hash ?? null }
}
