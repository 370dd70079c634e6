import * as z from '../formats/zod.ts'
import { refuseStranger } from '../core/claim-token.ts'
import type { Claimant } from '../core/claim-token.ts'
import type { Change } from '../core/commit.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { allocationsAt, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { change } from './change.ts'
import { agreed, filesSayingOldPort, requireConsent, writeTogether } from './drift/moved-files.ts'
import type { MovedFiles } from './drift/moved-files.ts'
import { hostInput, hostMeant, isHere } from './host.ts'
import { showAllocation } from './show-allocation.ts'
import { allocationsMeant } from './named.ts'
import { operation } from './operation.ts'
import { claimantOf } from './owner-token.ts'
import { startedBefore } from './started-before.ts'
import { allocationShape, dryRunInput, portInput, protocolInput } from './shapes.ts'
import { awayFrom, workspaceOf } from './workspace.ts'
import type { World } from './world.ts'

type Move = z.output<typeof output>
const output = z.object({
  service: allocationShape,
  from: z.int(),
  to: z.int(),
  recorded: z.boolean(),
  /** Services of ours that run as if it had not moved, in the order in which they should be started again. */
  restart: z.array(z.string()),
  /** With `files`: those that were changed, or would be, and how, as a unified diff. */
  files: z.array(z.string()),
  diff: z.string(),
  /** Places that may mean it too, which a person has to look at: `file:line:column`. */
  unsure: z.array(z.string()),
})

export const move = operation({
  name: 'move',
  summary: 'Gives a service another port, and records why where a conflict is ended by it.',
  effect: 'write',
  positional: ['what', 'to'],
  examples: [
    'ports move Grafana 3006',
    'ports move "FastAPI" 4010 --why "inside AI & LLM Services"',
    'ports move 8081 5081 --dry-run',
    'ports move Grafana 3006 --files --dry-run',
  ],
  input: z.object({
    what: z.string().check(z.describe('the service, or the port that it has now')),
    to: portInput.check(z.describe('the port that it is to have')),
    protocol: z.optional(protocolInput),
    host: hostInput,
    why: z.optional(z.string()).check(z.describe('record this as the move that ended a conflict, and why')),
    files: z
      .withDefault(z.boolean(), false)
      .check(z.describe('replace the old port in the files of this workspace as well: all of it happens, or nothing')),
    yes: z.withDefault(z.boolean(), false).check(z.describe('do not ask before files are changed')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { what, to, protocol, host: given, why, files, yes, dryRun }, call) {
    const host = hostMeant(world, given)
    if (files && !isHere(world, host)) {
      throw new Problem('argument-invalid', {
        argument: 'files',
        why: 'the files of this workspace say the ports of this machine',
        command: 'move',
      })
    }
    const when = world.clock.now().toISOString()
    const workspace = await workspaceOf(world, call)
    const claimants = {
      here: await claimantOf(world, call, workspace, false),
      away: await claimantOf(world, call, awayFrom(world.host, workspace), false),
    }
    const wanted = { host, what, to, protocol, why, when, claimants }
    const decide = (registry: Registry): Decision => decideMove(world, registry, wanted)
    const outdated = async ({ service, from }: Decision): Promise<string[]> =>
      dryRun || from === to || !isHere(world, host) ? [] : startedBefore(world, call, service.service, from)
    if (files && !dryRun) requireConsent(call, yes)
    if (!files) {
      const { decision } = await change(world, decide, { dryRun })
      return answer(decision, null, await outdated(decision))
    }
    const registry = await world.registry.read()
    const decision = decide(registry)
    const moves = decision.from === to ? [] : [{ service: decision.service.service, from: decision.from, to }]
    const moved = await filesSayingOldPort(world, call, registry, moves)
    if (dryRun) return answer(decision, moved, [])
    if (moved.edits.length && !(await agreed(call, moved, yes))) throw new Problem('declined', { what: 'change files' })
    await writeTogether(world, moved, registry, decision.changes)
    return answer(decision, moved, await outdated(decision))
  },
})

interface Decision {
  readonly changes: readonly Change[]
  readonly recorded: boolean
  readonly service: z.output<typeof allocationShape>
  readonly from: PortNumber
  readonly to: PortNumber
}

interface Wanted {
  readonly host: string
  readonly what: string
  readonly to: PortNumber
  readonly protocol: Protocol | undefined
  readonly why: string | undefined
  readonly when: string
  /** Who the caller is on this machine, and on every other host. */
  readonly claimants: Readonly<Record<'here' | 'away', Claimant>>
}

/** Throws `several-ports`, `conflict`, and what `allocationsMeant` throws. */
function decideMove(
  world: World,
  registry: Registry,
  { host, what, to, protocol, why, when, claimants }: Wanted,
): Decision {
  const meant = allocationsMeant(registry, host, what, protocol)
  const [allocation] = meant
  if (!allocation || meant.length > 1) {
    throw new Problem('several-ports', { service: what, ports: meant.map(({ port }) => port) })
  }
  // Whoever moves a claim takes a port away from its owner.
  refuseStranger(allocation, isHere(world, allocation.host) ? claimants.here : claimants.away)
  const moved = { ...allocation, port: to }
  const owner = allocationsAt(registry, moved).find((one) => one !== allocation)
  if (owner) {
    const { address } = allocation
    throw new Problem('conflict', {
      port: to,
      protocol: owner.protocol,
      address,
      service: owner.service,
      wanted: allocation.service,
    })
  }
  const service = findService(registry, allocation.host, allocation.service)
  const rest = { service: showAllocation(moved, service), from: allocation.port, to }
  if (allocation.port === to) return { changes: [], recorded: false, ...rest }
  const changes: Change[] = [{ do: 'move', id: allocation.id, fence: allocation.fence, candidates: [to] }]
  if (why !== undefined) {
    const { host: where, service: name, port: from } = allocation
    const resolution = { host: where, service: name, from, to, why, when }
    changes.push({ do: 'record', resolution })
    if (service) changes.push({ do: 'put-service', service: { ...service, resolved: true } })
  }
  return { changes, recorded: why !== undefined, ...rest }
}

function answer({ service, from, to, recorded }: Decision, moved: MovedFiles | null, restart: string[]): Move {
  const places = (moved?.unsure ?? []).map(({ mention: { file, line, column } }) => `${file}:${line}:${column}`)
  const files = [...new Set((moved?.drifts ?? []).map(({ mention }) => mention.file))]
  return { service, from, to, recorded, restart, files, diff: moved?.diff ?? '', unsure: places }
}
