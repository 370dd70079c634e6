import * as z from '../../formats/zod.ts'
import type { Listener } from '../../core/listener.ts'
import type { PortNumber } from '../../core/port.ts'
import { Problem } from '../../core/problem.ts'
import type { ProcessRow } from '../../core/process.ts'
import { planStop } from '../../core/stop/plan.ts'
import type { StopPlan } from '../../core/stop/plan.ts'
import { sayAct, sayPlan } from '../../core/stop/say.ts'
import { tiers, worstTier } from '../../core/stop/tier.ts'
import { showHolder } from '../board.ts'
import { operation } from '../operation.ts'
import type { Call } from '../operation.ts'
import type { World } from '../world.ts'
import { lookUntilSettled } from '../settled.ts'
import { dryRunInput, holderShape, portsInput, protocolInput } from '../shapes.ts'
import { carryOut } from './carry-out.ts'
import type { CarriedOut } from './carry-out.ts'
import { lookAtPorts } from './sight.ts'
import { tokenOf } from './token.ts'
import { verify } from './verify.ts'
import type { Verified } from './verify.ts'

const processShape = z.object({ pid: z.int(), name: z.string(), command: z.string() })
const refusalShape = z.object({ pid: z.nullable(z.int()), name: z.string(), why: z.string() })
const riskShape = z.object({ kind: z.string(), tier: z.enum(tiers), about: z.string() })

export type Kill = z.output<typeof output>
export type KilledPort = Kill['ports'][number]
const output = z.object({
  dryRun: z.boolean(),
  /** Stands for exactly this plan; null where there is nothing to do. */
  plan: z.nullable(z.string()),
  ports: z.array(
    z.object({
      port: z.int(),
      protocol: z.enum(['tcp', 'udp']),
      outcome: z.enum(['freed', 'already-free', 'refused', 'still-held', 'would-free']),
      /** Who held it when we looked. */
      holders: z.array(holderShape),
      /** What is done, as one would type or say it. */
      acts: z.array(z.object({ by: z.enum(['signals', 'systemd', 'engine', 'keeper']), what: z.string() })),
      /** Every process that is ended by a signal for it: the holders, the wrappers above them, what these started. */
      ended: z.array(processShape),
      refused: z.array(refusalShape),
      tier: z.enum(tiers),
      risks: z.array(riskShape),
      /** What has to be said before it is done; null where nothing has, or it was. */
      needs: z.nullable(z.enum(['yes', 'force'])),
      /** Who holds it now, after the kill. */
      heldBy: z.array(holderShape),
      /** Who started the service again, or may have. */
      restarter: z.nullable(processShape),
      forced: z.boolean(),
    }),
  ),
})

export const kill = operation({
  name: 'kill',
  summary:
    'Ends whoever listens on exactly these ports, never a client, each by whoever started it (signals, systemd, the container engine), and verifies that the ports are free.',
  effect: 'destructive',
  positional: ['ports'],
  examples: ['ports kill 3000', 'ports kill 3000 3005-3010', 'ports kill 3000 --dry-run'],
  input: z.object({
    ports: portsInput.check(z.describe('ports and blocks of ports: 3000 3005-3010')),
    protocol: z.withDefault(protocolInput, 'tcp'),
    timeout: z
      .optional(z.coerce.number().check(z.gte(0), z.lte(3600)))
      .check(z.describe("seconds between asking (TERM) and forcing (KILL); a recipe's own, or 5")),
    yes: z.withDefault(z.boolean(), false).check(z.describe('go on where it would be asked')),
    force: z
      .withDefault(z.boolean(), false)
      .check(z.describe('also what is refused otherwise; never pid 1, this command and what it runs below')),
    plan: z
      .optional(z.string())
      .check(z.describe('only where the plan is still the one that a dry run gave this token')),
    dryRun: dryRunInput,
  }),
  output,
  isNo: ({ ports }) => ports.some(({ outcome }) => outcome === 'refused' || outcome === 'still-held'),
  async run(world, asked, call) {
    // Most ports are held by what was started last, and by those around it: it is looked for there first. Whoever is missed thereby still holds the port, and is found
    // by a look at everybody. What is only shown, or was shown before, has to be whole at once.
    const whole = asked.dryRun || asked.plan !== undefined
    const first = await freePorts(world, asked, asked.ports, whole ? 'all' : 'kin', call)
    if (whole || !first.missed.size) return { dryRun: asked.dryRun, plan: first.token, ports: first.ports }
    const rest = await freePorts(world, asked, [...first.missed], 'all', call)
    const ports = first.ports.map((before) => {
      const after = rest.ports.find(({ port }) => port === before.port)
      return after ? both(before, after) : before
    })
    return { dryRun: false, plan: first.token, ports }
  },
})

type Asked = z.output<typeof kill.input>

/** Looks, plans, and does it, unless it is only to be shown. `missed`: ports that are still held by somebody who was there before and was not seen. */
async function freePorts(
  world: World,
  { protocol, timeout, yes, force, plan: expected, dryRun }: Asked,
  ports: readonly PortNumber[],
  holders: 'all' | 'kin',
  call: Call,
): Promise<{ token: string | null; ports: KilledPort[]; missed: ReadonlySet<PortNumber> }> {
  const began = world.machine.startNow()
  const planned = async () => {
    const { sights, listeners } = await lookAtPorts(world, ports, protocol, holders, call)
    return { plans: sights.map((sight) => planStop(sight, force)), listeners }
  }
  const { plans, listeners } = dryRun
    ? await planned()
    : await lookUntilSettled(world, planned, (seen) => seen.plans.flatMap(targetsOf))
  const token = plans.length ? tokenOf(plans, world.fingerprint) : null
  if (expected !== undefined && expected !== token)
    throw new Problem('plan-changed', { ports: [...ports], token: expected })
  const needs = new Map<PortNumber, 'yes' | 'force' | null>()
  for (const plan of plans)
    needs.set(plan.port, await needOf(plan, { yes: yes || expected !== undefined, force, dryRun }, call))
  const allowed = plans.filter(({ port }) => needs.get(port) === null)
  const done = dryRun ? new Map<StopPlan, CarriedOut>() : await carryOut(world, allowed, timeout, call)
  const result: KilledPort[] = []
  const missed = new Set<PortNumber>()
  for (const port of ports) {
    const plan = plans.find((one) => one.port === port)
    const before = listeners.get(port) ?? []
    const carried = plan && done.get(plan)
    const after = plan && carried ? await verify(world, before, protocol, plan, call) : null
    const refused = [...(plan?.refused ?? []), ...(carried?.failures ?? [])]
    const need = needs.get(port) ?? null
    if (plan && after?.isHeld && !refused.length && wasThere(after, plan, began)) missed.add(port)
    result.push({
      port,
      protocol,
      holders: holdersOf(before),
      acts: plan?.acts.map((act) => ({ by: byOf[act.kind], what: sayAct(act) })) ?? [],
      ended: plan && (dryRun || carried) ? targetsOf(plan).map(showProcess) : [],
      refused,
      tier: worstTier(plan?.risks ?? []),
      risks: plan?.risks.map((risk) => ({ ...risk })) ?? [],
      needs: need,
      forced: carried?.forced ?? false,
      heldBy: after ? holdersOf(after.held) : need && !dryRun ? holdersOf(before) : [],
      restarter: after?.restarter ? showProcess(after.restarter) : null,
      outcome: outcomeOf(plan, { refused: refused.length > 0, unagreed: need !== null, dryRun, after }),
    })
  }
  return { token, ports: result, missed }
}

/** Whether somebody holds the port who was there before we looked and is none of those who were to be ended. */
function wasThere({ held }: Verified, plan: StopPlan, began: number): boolean {
  const meant = new Set(targetsOf(plan).map(({ pid }) => pid))
  return held.some(({ holders }) => holders.some(({ pid, start }) => start < began && !meant.has(pid)))
}

/** What two rounds at one port came to. */
function both(first: KilledPort, second: KilledPort): KilledPort {
  return {
    ...second,
    holders: [...first.holders, ...second.holders],
    acts: [...first.acts, ...second.acts],
    ended: [...first.ended, ...second.ended],
    risks: [...first.risks, ...second.risks],
    forced: first.forced || second.forced,
  }
}

const byOf = { processes: 'signals', unit: 'systemd', container: 'engine', socket: 'keeper' } as const

/** What still has to be said before the plan is carried out; at a terminal the person is asked. A dry run asks nobody. */
async function needOf(
  plan: StopPlan,
  { yes, force, dryRun }: { yes: boolean; force: boolean; dryRun: boolean },
  call: Call,
): Promise<'yes' | 'force' | null> {
  const tier = worstTier(plan.risks)
  if (tier === 'block') return force ? null : 'force'
  if (tier === 'safe' || yes || force) return null
  if (dryRun || !call.confirm) return 'yes'
  return (await call.confirm(sayPlan(plan))) ? null : 'yes'
}

/** Every process that gets a signal. */
function targetsOf({ acts }: StopPlan): ProcessRow[] {
  return acts.flatMap((act) => (act.kind === 'processes' ? act.targets : []))
}

function showProcess({ pid, name, arguments: words }: ProcessRow): z.output<typeof processShape> {
  return { pid, name, command: words.join(' ') }
}

function outcomeOf(
  plan: StopPlan | undefined,
  seen: { refused: boolean; unagreed: boolean; dryRun: boolean; after: Verified | null },
): KilledPort['outcome'] {
  if (!plan) return 'already-free'
  if (seen.dryRun) return seen.refused || worstTier(plan.risks) === 'block' ? 'refused' : 'would-free'
  if (seen.unagreed || !seen.after) return 'refused'
  const { isHeld } = seen.after
  // What a kernel publishes without a listener cannot be seen to be gone: whoever was asked to end it has to have said so.
  if (!isHeld && !(seen.refused && plan.holders.length === 0)) return 'freed'
  return seen.refused ? 'refused' : 'still-held'
}

function holdersOf(listeners: readonly Listener[] = []): KilledPort['holders'] {
  const holders = new Map(
    listeners.flatMap((listener) => listener.holders).map((holder) => [holder.pid, showHolder(holder)]),
  )
  return [...holders.values()]
}
