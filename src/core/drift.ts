import { anyAddress } from './address.ts'
import type { Allocation } from './allocation.ts'
import { squeeze } from './compose-images.ts'
import { matchPublish } from './compose-match.ts'
import type { Clue } from './compose-match.ts'
import { pairPublished, replacedPublishes } from './drift-compose.ts'
import { isOwnName, ServiceNames } from './mention-names.ts'
import type { MentionName, PlacedMention } from './mention.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { allocationsAt, allocationsOf } from './registry.ts'
import type { Registry } from './registry.ts'

/** What tied a mention to a service. */
export type TiedBy =
  | MentionName
  | { readonly by: 'compose'; readonly clue: Clue; readonly text: string }
  | { readonly by: 'move' }

/** A place in a file that says another port than the registry. */
export interface Drift {
  readonly mention: PlacedMention
  /**
   * `old-port`: the service had this port and was moved. `wrong-port`: the service never had it, as far as is recorded. `other-workspace`: the port is
   * claimed for another workspace, and this one claims none under that name.
   */
  readonly code: 'old-port' | 'wrong-port' | 'other-workspace'
  readonly service: string
  readonly tiedBy: TiedBy | null
  /** Null where the service has several ports and nothing tells which is meant: a person has to decide. */
  readonly shouldSay: PortNumber | null
  /** The service's ports of this protocol. */
  readonly has: readonly PortNumber[]
  /** Whom the registry gives the mentioned port. */
  readonly owner: string | null
  /** `likely`: only the folder, the package or a program's name tells whose port it is. */
  readonly confidence: 'sure' | 'likely'
}

/** A mention with what is known of it. */
export interface Judged {
  readonly mention: PlacedMention
  /** The service that it means, by name or else by the registry's owner of the port. */
  readonly service: string | null
  readonly drift: Drift | null
}

/** Names that tell what is there, as a rule, and not which of them. */
const hints: ReadonlySet<string> = new Set(['site', 'scheme'])

interface Tie {
  readonly service: string
  readonly by: TiedBy
  readonly confidence: Drift['confidence']
}

/**
 * Holds every mention against the registry. A mention is tied to a service by compose's own clues, by a name in the file, by the file's package or
 * folder, or, where nothing is named, by a recorded move away from a port that nobody has now. What ties to nothing is no drift. Pure.
 */
export function judge(mentions: readonly PlacedMention[], registry: Registry, host: string): Judged[] {
  const names = new ServiceNames(registry, host)
  const replaced = replacedPublishes(mentions)
  const ties = new Map(mentions.map((mention) => [mention, tieOf(mention)]))
  const paired = pairPublished(mentions, (mention) => compose(mention)?.service ?? null, registry, host)
  const judged = mentions.map((mention): Judged => {
    const tie = ties.get(mention) ?? null
    const drift = replaced.has(mention) ? null : driftOf(mention, tie)
    const service = tie && tie !== 'nobody' ? tie.service : ownerOf(mention)
    return { mention, service: drift?.service ?? service, drift }
  })
  return judged.map((one) => (one.drift ? { ...one, drift: settle(one.drift, judged) } : one))

  function compose(mention: PlacedMention): Tie | null {
    const tie = ties.get(mention)
    return tie && tie !== 'nobody' && tie.by.by === 'compose' ? tie : null
  }

  function tieOf(mention: PlacedMention): Tie | 'nobody' | null {
    const { publish, port, protocol } = mention
    if (publish) {
      const unit = { service: publish.service.name, published: port, target: publish.target, protocol, publishes: [] }
      const match = matchPublish(publish.service, unit, registry, host)
      if (match.kind === 'service') {
        const by = { by: 'compose', clue: match.by, text: publish.service.name } as const
        return {
          service: match.service,
          by,
          confidence: match.by === 'container-port' || publish.elsewhere ? 'likely' : 'sure',
        }
      }
      if (match.kind === 'several') return 'nobody'
    }
    const named = names.find(mention)
    if (named === 'stranger' || (publish && !named)) return 'nobody'
    if (!named) return tieByMove(mention)
    const confidence = named.exact && !hints.has(named.by.by) && !isOwnName(named.by.by) ? 'sure' : 'likely'
    return { service: named.service, by: named.by, confidence }
  }

  /** A move is only a hint: the port may be that of something that nobody registered. */
  function tieByMove(mention: PlacedMention): Tie | null {
    if (ownerOf(mention) !== null) return null
    const moved = registry.resolutions.filter((one) => one.host === host && one.from === mention.port)
    const services = new Set(moved.map(({ service }) => nameKey(service)))
    const [first] = moved
    return first && services.size === 1 ? { service: first.service, by: { by: 'move' }, confidence: 'likely' } : null
  }

  function driftOf(mention: PlacedMention, tie: Tie | 'nobody' | null): Drift | null {
    if (!tie || tie === 'nobody') return otherWorkspace(mention)
    const all = portsOf(tie.service, mention)
    const has = all.map(({ port }) => port)
    if (has.length === 0 || has.includes(mention.port)) return null
    const pair = paired.get(mention)
    // Compose's other published ports have the service's ports already, or nothing tells which one is meant.
    if (tie.by.by === 'compose' && !pair) return null
    const only = pair?.port ?? (has.length === 1 ? (has[0] ?? null) : null)
    const moved = registry.resolutions.filter(
      (one) => one.host === host && nameKey(one.service) === nameKey(tie.service) && one.from === mention.port,
    )
    const target = pair ? only : (moved.map(({ to }) => to).findLast((to) => has.includes(to)) ?? only)
    const rest = { mention, service: tie.service, tiedBy: tie.by, shouldSay: target, has, owner: ownerOf(mention) }
    if (moved.length === 0) return { ...rest, code: 'wrong-port', confidence: tie.confidence }
    return {
      ...rest,
      code: 'old-port',
      confidence: tie.by.by === 'move' || mention.publish?.elsewhere ? 'likely' : 'sure',
    }
  }

  function otherWorkspace(mention: PlacedMention): Drift | null {
    const claim = allocationsThere(mention).find(({ kind }) => kind === 'claim')
    const isWorkspaces = claim?.owner?.startsWith('workspace:') ?? false
    if (!claim || !isWorkspaces || claim.owner === mention.workspace || mention.side !== 'listens') return null
    const rest = { mention, tiedBy: null, shouldSay: null, has: [], owner: claim.service }
    return { ...rest, code: 'other-workspace', service: claim.service, confidence: 'sure' }
  }

  function portsOf(service: string, { protocol }: PlacedMention): Allocation[] {
    return allocationsOf(registry, { host, name: service }).filter((one) => one.protocol === protocol)
  }

  function allocationsThere({ port, protocol }: PlacedMention): Allocation[] {
    return allocationsAt(registry, { host, protocol, address: anyAddress, port })
  }

  function ownerOf(mention: PlacedMention): string | null {
    return allocationsThere(mention)[0]?.service ?? null
  }
}

/** Several wrong numbers for one port in one file, or a right one beside a guess: then the file means more than we understand. */
function settle(drift: Drift, judged: readonly Judged[]): Drift | null {
  if (drift.code !== 'wrong-port' || drift.tiedBy?.by === 'compose') return drift
  const inFile = judged.filter(
    ({ mention, service }) =>
      mention.file === drift.mention.file && service !== null && sameName(service, drift.service),
  )
  const right = inFile.some((one) => one.drift === null)
  if (right && drift.confidence === 'likely') return null
  const wrong = new Set(inFile.flatMap((one) => (one.drift?.code === 'wrong-port' ? [one.mention.port] : [])))
  return wrong.size > 1 ? { ...drift, shouldSay: null } : drift
}

function sameName(a: string, b: string): boolean {
  return a === b || squeeze(a) === squeeze(b)
}
