import * as z from '../formats/zod.ts'
import { famousPorts } from '../catalog/famous-ports.ts'
import { mostCandidates, usualKernel } from '../core/choose.ts'
import type { Surroundings } from '../core/choose.ts'
import { planClaim } from '../core/claim-plan.ts'
import type { ClaimPlan, ClaimRequest, Owner } from '../core/claim-plan.ts'
import type { Change } from '../core/commit.ts'
import { everyHost } from '../core/host.ts'
import { parseName } from '../core/name.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { claimingToken } from './owner-token.ts'
import { claimShape, showClaim } from './show-claim.ts'
import { warnOfForeignPorts } from './foreign-ports.ts'
import { hostInput, hostMeant, isHere, scopeInput } from './host.ts'
import { requireRange } from './named.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { addressInput, portInput, protocolInput } from './shapes.ts'
import { staleClaims } from './stale-claims.ts'
import { awayFrom, workspaceOf } from './workspace.ts'
import type { World } from './world.ts'

/** Where claims go that name no range: above what people give to services by hand, below what Linux takes for outgoing connections. */
export const claimBlock = { from: 20_000, to: 29_999 }

/** How often a claim is decided anew because the port was taken in between, by another claim or by a program that asked nobody. */
const mostTries = 20

export type Claim = z.output<typeof output>
const output = z.object({
  claims: z.array(claimShape),
  format: z.enum(['port', 'env', 'shell', 'json']),
  /** With `explain`: why other ports of the block were not taken. */
  excluded: z.array(z.object({ port: z.int(), why: z.string(), by: z.nullable(z.string()) })),
})

export const claim = operation({
  name: 'claim',
  summary: 'Gives this workspace a port for each name that nobody else gets, the same one every time.',
  effect: 'write',
  positional: ['names'],
  examples: [
    'ports claim web',
    'ports claim web api db --format dotenv',
    'ports claim db --range "Database Services"',
    'ports claim metrics --scope fleet --owner platform',
  ],
  input: z.object({
    names: z
      .array(z.string())
      .check(z.minLength(1), z.describe('what the ports are for; several are claimed all or nothing')),
    range: z.optional(z.string()).check(z.describe('take them from this range')),
    prefer: z.optional(portInput).check(z.describe('take this port for the first name where it is free')),
    owner: z.optional(z.string()).check(z.describe('whom they are for, instead of this workspace')),
    ttl: z.optional(z.string()).check(z.describe('how long they are wanted: 30m, 2h, 7d')),
    protocol: z.withDefault(protocolInput, 'tcp'),
    address: addressInput.check(z.describe("where they are bound: '*' for everywhere")),
    format: z
      .optional(z.enum(['port', 'env', 'shell', 'dotenv', 'json']))
      .check(z.describe('port, env, shell, dotenv or json')),
    host: hostInput,
    scope: scopeInput,
    explain: z.withDefault(z.boolean(), false).check(z.describe('say why other ports were not taken')),
  }),
  output,
  async run(world, input, call) {
    const host = hostMeant(world, input.host, input.scope)
    const owner = await ownerOf(world, call, input.owner, host)
    const expires =
      input.ttl === undefined ? null : new Date(world.clock.now().getTime() + parseSpan(input.ttl)).toISOString()
    const { protocol, address } = input
    const names = [...new Set(input.names)]
    const { hash: tokenHash } = await claimingToken(world, call, owner.id)
    const {
      claims,
      plan,
      registry: current,
    } = await claimAll(world, host, (registry) => {
      const range = input.range === undefined ? null : requireRange(registry, input.range)
      const block = range ?? claimBlock
      return {
        host,
        names,
        owner,
        protocol,
        address,
        block,
        within: range?.name ?? null,
        prefer: input.prefer ?? null,
        expires,
        tokenHash,
      }
    })
    if (!isHere(world, host) && plan.changes.length) call.warn?.(unseenWords(world.host, host))
    if (input.owner === undefined) await warnOfForeignPorts(world, call, current, owner)
    const format = input.format === 'dotenv' ? 'env' : (input.format ?? (names.length === 1 ? 'port' : 'env'))
    return { claims, format, excluded: input.explain ? plan.excluded.map((one) => ({ ...one })) : [] }
  },
})

/** Whom a claim is for: the caller's own words, or the workspace that the call comes from. */
export async function ownerOf(world: World, call: Call, given: string | undefined, host: string): Promise<Owner> {
  if (given === undefined) {
    const workspace = await workspaceOf(world, call)
    return isHere(world, host) ? workspace : awayFrom(world.host, workspace)
  }
  const name = parseName(given, 'owner')
  return { id: name, label: name, seed: name }
}

function unseenWords(here: string, host: string): string {
  return host === everyHost
    ? `free in the registry and on ${here}; what listens on other hosts cannot be seen from here`
    : `free in the registry; what listens on ${host} cannot be seen from ${here}`
}

/** Claims until everything is had: each try reads, decides and commits; a port that a stranger took in between is not tried again. */
export async function claimAll(
  world: World,
  host: string,
  request: (registry: Registry) => ClaimRequest,
): Promise<{ claims: z.output<typeof claimShape>[]; plan: ClaimPlan; registry: Registry }> {
  const avoided = new Set<number>()
  for (let attempt = 1; ; attempt++) {
    // A port for every host is chosen among what all of them have.
    const registry = await world.registry.read(host === everyHost ? {} : { host })
    const asked = request(registry)
    const plan = await planned(world, registry, asked, avoided)
    try {
      const changes = await bindable(world, plan.changes, avoided)
      if (!changes) continue
      const commit = { id: world.newId(), at: world.clock.now().toISOString(), changes: timed(world, changes) }
      const made = changes.length ? (await world.registry.commit(commit)).allocations : []
      const claims = plan.services.flatMap(({ name, service, held }) => {
        const allocation = made.find((one) => one.service === service) ?? held
        return allocation ? [{ ...showClaim(allocation), name }] : []
      })
      return { claims, plan, registry }
    } catch (error) {
      const again =
        isProblem(error, 'claimed-meanwhile') ||
        isProblem(error, 'range-full') ||
        isProblem(error, 'conflict') ||
        isProblem(error, 'fenced')
      if (!again || attempt >= mostTries) throw error
    }
  }
}

/** The plan, or where there is none a `range-full` that also names the claims which nobody seems to want any more. */
async function planned(
  world: World,
  registry: Registry,
  asked: ClaimRequest,
  avoided: ReadonlySet<number>,
): Promise<ClaimPlan> {
  const around = await surroundings(world, registry, asked, avoided)
  try {
    return planClaim(asked, around, () => world.newId())
  } catch (error) {
    if (!isProblem(error, 'range-full')) throw error
    const { from, to } = asked.block
    const stale = await staleClaims(world, registry, await world.machine.listeners({ holders: 'none' }))
    const inTheWay = [...stale.keys()].filter(({ port }) => port >= from && port <= to).map(({ service }) => service)
    throw new Problem('range-full', { ...error.facts, stale: inTheWay.slice(0, mostShown) })
  }
}

/** A message is for reading; `ports gc` shows all. */
const mostShown = 5

async function surroundings(
  world: World,
  registry: Registry,
  { protocol, host }: ClaimRequest,
  avoided: ReadonlySet<number>,
): Promise<Surroundings> {
  if (!canProbe(world, host)) return { registry, listening: avoided, kernel: usualKernel, famous: famousPorts }
  const listeners = await world.machine.listeners({ protocol, holders: 'none' })
  const listening = new Set([...avoided, ...listeners.map(({ port }) => port)])
  return { registry, listening, kernel: await world.machine.kernel(), famous: famousPorts }
}

/**
 * The changes with only those candidates that can be bound at this moment, on both families where the claim is for both. Null where one has none left: then
 * the ports are known as avoided, and others are to be chosen.
 */
async function bindable(world: World, changes: readonly Change[], avoided: Set<number>): Promise<Change[] | null> {
  const result: Change[] = []
  for (const change of changes) {
    if (change.do !== 'allocate' || !canProbe(world, change.host)) {
      result.push(change)
      continue
    }
    const candidates = []
    for (const port of change.candidates.slice(0, mostCandidates)) {
      if ((await world.machine.probe({ protocol: change.protocol, address: change.address, port })) === 'free')
        candidates.push(port)
      else avoided.add(port)
    }
    if (!candidates.length) return null
    result.push({ ...change, candidates })
  }
  return result
}

/**
 * A claim of this machine with an end bears the moment of its beginning by the machine's own clock, taken together with the commit's time. On another host that
 * moment would say nothing.
 */
function timed(world: World, changes: readonly Change[]): Change[] {
  return changes.map((change) =>
    change.do === 'allocate' && change.expires !== null && isHere(world, change.host)
      ? { ...change, begun: world.clock.moment() }
      : change,
  )
}

/** Every host is also this one: what is taken here is not free on all of them. */
function canProbe(world: World, host: string): boolean {
  return isHere(world, host) || host === everyHost
}

/** `90s`, `30m`, `2h`, `7d` in milliseconds. Throws `span-invalid`; nothing is claimed for no time or for more than a year. */
export function parseSpan(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const milliseconds = Number(number) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0)
  if (milliseconds <= 0 || milliseconds > 366 * 86_400_000) throw new Problem('span-invalid', { text })
  return milliseconds
}
