import type { Address } from './address.ts'
import type { Allocation } from './allocation.ts'
import { choose } from './choose.ts'
import type { Block, Exclusion, Surroundings } from './choose.ts'
import type { Change } from './commit.ts'
import { parseName } from './name.ts'
import type { PortNumber, Protocol } from './port.ts'
import { Problem } from './problem.ts'
import { allocationsOf, findService } from './registry.ts'
import { count } from './text.ts'

/** One port for each name, for one owner. */
export interface ClaimRequest {
  readonly host: string
  readonly names: readonly string[]
  readonly owner: Owner
  readonly protocol: Protocol
  readonly address: Address
  readonly block: Block
  /** Name of the range that the block is, where it is one. */
  readonly within: string | null
  /** For the first name. */
  readonly prefer: PortNumber | null
  readonly expires: string | null
  /** Of the owner's token. */
  readonly tokenHash: string
  /** The session that is to hold the claims, where one is. */
  readonly session?: string
}

/** Whom a claim is for. */
export interface Owner {
  /** Unique among owners: `workspace:/path`, or what the caller gave. */
  readonly id: string
  /** What stands behind the `@` of the claim's service. */
  readonly label: string
  /** What the choice of ports begins with: the same on another machine, where the path may differ. */
  readonly seed: string
}

export interface ClaimPlan {
  readonly changes: readonly Change[]
  /** Every name with its service, in the order asked for. */
  readonly services: readonly { readonly name: string; readonly service: string; readonly held: Allocation | null }[]
  /** Of the last name that a port was looked for; found when it is asked for. */
  readonly excluded: readonly Exclusion[]
}

/** `web @ ~/shop`: two workspaces may both have a `web`. */
export function claimedService(name: string, owner: Owner): string {
  return parseName(`${parseName(name, 'service')} @ ${owner.label}`, 'service')
}

/**
 * What the owner has already, and the changes that give the rest, all or nothing. Throws `range-full` where no port is left for a name, saying what is in
 * the way, `not-yours` where the service belongs to somebody else, and `token-wrong` where somebody else only bears the same name. A claim that is on its way to
 * free is held again.
 */
export function planClaim(request: ClaimRequest, around: Surroundings, newId: () => string): ClaimPlan {
  const { host, owner, protocol, address, block, within, expires, tokenHash, session } = request
  const { registry } = around
  const changes: Change[] = []
  let excluded = (): readonly Exclusion[] => []
  // What an earlier name will most likely get is not offered to a later one: they would run into each other every time.
  const promised = new Set<number>()
  const services = request.names.map((name, index) => {
    const service = claimedService(name, owner)
    const known = findService(registry, host, service)
    const present = known ? allocationsOf(registry, known) : []
    const held = present.find((one) => one.protocol === protocol) ?? null
    const stranger = present.find((one) => one.owner !== owner.id)
    if (stranger) throw new Problem('not-yours', { service, owner: stranger.owner ?? 'a person' })
    if (held) {
      if (held.tokenHash !== undefined && held.tokenHash !== tokenHash) {
        throw new Problem('token-wrong', { service, owner: owner.id })
      }
      const again = held.standing !== undefined || (session !== undefined && held.session !== session)
      if (again) changes.push({ do: 'hold', id: held.id, fence: held.fence, session: session ?? null })
      return { name, service, held }
    }
    const prefer = index === 0 ? request.prefer : null
    const choice = choose(
      { host, protocol, address, block, seed: `${owner.seed}\n${name}`, prefer },
      { ...around, listening: new Set([...around.listening, ...promised]) },
    )
    const before = new Set(promised)
    excluded = () =>
      choice.excluded.map((one) =>
        before.has(one.port) ? { ...one, why: 'allocated', by: 'another name of this claim' } : one,
      )
    const [first] = choice.candidates
    if (first === undefined)
      throw new Problem('range-full', {
        range: within ?? `${block.from}-${block.to}`,
        tried: excluded().length,
        why: fullness(excluded()),
      })
    const record = {
      host,
      name: service,
      description: '',
      range: within,
      resolved: false,
      declared: 'reserved',
    } as const
    promised.add(first)
    changes.push({ do: 'put-service', service: known ?? record })
    const rest = {
      id: newId(),
      kind: 'claim',
      owner: owner.id,
      within: prefer === null ? within : null,
      expires,
      sole: true,
      tokenHash,
      ...(session === undefined ? {} : { session }),
    } as const
    changes.push({ do: 'allocate', ...rest, host, service, protocol, address, candidates: choice.candidates })
    return { name, service, held }
  })
  return {
    changes,
    services,
    get excluded() {
      return excluded()
    },
  }
}

/** How full a block is: `100 ports: 60 allocated, 38 listening, 2 famous`. */
function fullness(excluded: readonly Exclusion[]): string {
  const reasons = [...Map.groupBy(excluded, ({ why }) => why)].toSorted(([, a], [, b]) => b.length - a.length)
  return `${count(excluded.length, 'port')}: ${reasons.map(([why, ports]) => `${ports.length} ${why}`).join(', ')}`
}
