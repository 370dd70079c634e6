import type { Allocation } from './allocation.ts'
import type { Owner } from './claim-plan.ts'
import { Problem } from './problem.ts'

/** Who wants to release, and what they bring. */
export interface Claimant {
  readonly owner: Owner
  /** Whether the owner was only named, and not shown by standing in its workspace. */
  readonly named: boolean
  /** Of the token that was presented, or that lies here for the workspace. */
  readonly tokenHash: string | null
}

/**
 * Throws where the claim is not theirs to release: `not-yours`, `token-needed` where only a name was brought, `token-wrong`. A claim from before there were tokens is
 * released from its workspace or by its id.
 */
export function refuseStranger(claim: Allocation, { owner, named, tokenHash }: Claimant): void {
  if (claim.kind !== 'claim') return
  const facts = { service: claim.service, owner: claim.owner ?? 'somebody else' }
  if (claim.tokenHash !== undefined && claim.tokenHash === tokenHash) return
  if (claim.owner !== owner.id) throw new Problem('not-yours', facts)
  if (named && tokenHash === null) throw new Problem('token-needed', facts)
  if (named || claim.tokenHash !== undefined) throw new Problem('token-wrong', facts)
}

/** Whether they may move or release the allocation: everybody may a reservation. */
export function isTheirs(allocation: Allocation, claimant: Claimant): boolean {
  try {
    refuseStranger(allocation, claimant)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}
