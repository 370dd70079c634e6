import * as z from '../formats/zod.ts'
import type { Subject } from '../core/audit/finding.ts'
import type { Change } from '../core/commit.ts'
import type { Drift } from '../core/drift.ts'
import { changesOf, sayStep } from '../core/resolve/changes.ts'
import type { ResolvePlan, Step } from '../core/resolve/request.ts'
import { resolve as planResolution } from '../core/resolve/resolve.ts'
import { nameKey } from '../core/name.ts'
import { parsePort } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { listenersAt } from '../core/verdict.ts'
import { showHolder } from './board.ts'
import { change } from './change.ts'
import { agreed, filesSayingOldPort, requireConsent, writeTogether } from './drift/moved-files.ts'
import type { MovedFiles } from './drift/moved-files.ts'
import { look } from './look.ts'
import type { Look } from './look.ts'
import { requireService } from './named.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { holderShape } from './shapes.ts'
import { rootOf } from './workspace.ts'
import type { World } from './world.ts'

export type Resolve = z.output<typeof output>
const output = z.object({
  steps: z.array(
    z.object({
      action: z.enum(['move', 'register', 'record', 'accept']),
      service: z.string(),
      from: z.int(),
      to: z.int(),
      ends: z.array(z.string()),
      why: z.string(),
      choice: z.string(),
      says: z.string(),
    }),
  ),
  /** What the plan cannot end, and why. */
  left: z.array(z.object({ rule: z.string(), service: z.string(), port: z.int(), why: z.string() })),
  /** Who still listens on the port that a service is moved from: it has to be started again. */
  running: z.array(z.object({ service: z.string(), from: z.int(), to: z.int(), holders: z.array(holderShape) })),
  /** Places in files of the project around here that say an old port. `sure` is false where a person has to look. */
  saying: z.array(
    z.object({
      file: z.string(),
      line: z.int(),
      column: z.int(),
      service: z.string(),
      says: z.int(),
      shouldSay: z.nullable(z.int()),
      sure: z.boolean(),
    }),
  ),
  /** With `files`: how the files are changed, or would be, as a unified diff. */
  diff: z.string(),
  applied: z.boolean(),
  /** Whether the files were changed as well. */
  mended: z.boolean(),
})

export const resolve = operation({
  name: 'resolve',
  summary: 'Shows the fewest moves that end the conflicts of the registry, and makes them with --apply.',
  effect: 'write',
  positional: [],
  examples: [
    'ports resolve',
    'ports resolve --apply',
    'ports resolve --keep Zapier --to "Flask=4005"',
    'ports resolve --apply --files',
  ],
  input: z.object({
    apply: z
      .withDefault(z.boolean(), false)
      .check(z.describe('make the moves, all at once, and record each with its reason')),
    prefer: z
      .withDefault(z.array(z.string()), [])
      .check(z.describe('a service that keeps its port where two want one')),
    keep: z.withDefault(z.array(z.string()), []).check(z.describe('a service that is not moved whatever it costs')),
    to: z
      .withDefault(z.array(z.string()), [])
      .check(z.describe('SERVICE=PORT: where a service is to go, even if it is active')),
    files: z
      .withDefault(z.boolean(), false)
      .check(z.describe('replace the old ports in the files of this workspace as well: all of it happens, or nothing')),
    yes: z.withDefault(z.boolean(), false).check(z.describe('do not ask before files are changed')),
  }),
  output,
  isNo: ({ left }) => left.length > 0,
  async run(world, { apply, prefer, keep, to, files, yes }, call) {
    if (apply && files) requireConsent(call, yes)
    const seen = await look(world)
    const when = world.clock.now().toISOString()
    const decide = (registry: Registry): { changes: Change[]; plan: ResolvePlan } => {
      const subject = { ...seen.subject, registry, ...judgedAgain(seen, registry) }
      for (const name of keep) requireService(registry, world.host, name)
      const plan = planResolution({ subject, prefer, keep, to: destinations(registry, world.host, to) })
      return { changes: changesOf(plan, { registry, host: world.host }, when, () => world.newId()), plan }
    }
    const registry = await world.registry.read()
    const first = decide(registry)
    const moved = await sayingOld(world, call, registry, first.plan.steps, files)
    if (!apply || !files) {
      const { decision } = await change(world, decide, { dryRun: !apply })
      return answer(seen, decision.plan, { moved, files, apply })
    }
    if (moved?.edits.length && !(await agreed(call, moved, yes)))
      throw new Problem('declined', { what: 'change files' })
    if (moved) await writeTogether(world, moved, registry, first.changes)
    return answer(seen, first.plan, { moved, files, apply })
  },
})

/** The files of the workspace that say a port which a step leaves. Outside of a project nothing is read, unless files are asked for; null then, and where nothing is left. */
async function sayingOld(
  world: World,
  call: Call,
  registry: Registry,
  steps: readonly Step[],
  files: boolean,
): Promise<MovedFiles | null> {
  const moves = steps.map(shown).filter(({ from, to }) => from !== to)
  const inside = files || (moves.length > 0 && (await rootOf(world, call)) !== null)
  if (!inside) return null
  return await filesSayingOldPort(
    world,
    call,
    registry,
    moves.map(({ service, from, to }) => ({ service, from: parsePort(String(from)), to: parsePort(String(to)) })),
  )
}

interface Done {
  readonly moved: MovedFiles | null
  readonly files: boolean
  readonly apply: boolean
}

function answer(seen: Look, { steps, left }: ResolvePlan, { moved, files, apply }: Done): Resolve {
  const applied = apply && steps.length > 0
  const sure = (moved?.drifts ?? []).map((one) => placeOf(one, true))
  return {
    steps: steps.map(shown),
    left: [...left],
    running: running(seen, steps),
    saying: [...sure, ...(moved?.unsure ?? []).map((one) => placeOf(one, false))],
    diff: files ? (moved?.diff ?? '') : '',
    applied,
    mended: applied && files && sure.length > 0,
  }
}

function placeOf({ mention, service, shouldSay }: Drift, sure: boolean): Resolve['saying'][number] {
  const { file, line, column, port: says } = mention
  return { file, line, column, service, says, shouldSay, sure }
}

function shown(step: Step): Resolve['steps'][number] {
  const { ends, why, choice } = step
  const [service, from, to] =
    step.do === 'move'
      ? [step.allocation.service, step.allocation.port, step.to]
      : step.do === 'accept'
        ? [step.service, step.port, step.port]
        : [step.service, step.from, step.to]
  return { action: step.do, service, from, to, ends: [...new Set(ends)], why, choice, says: sayStep(step) }
}

/** The verdicts that were seen, for the same promises as they are read now; one that somebody changed meanwhile has none. */
function judgedAgain({ listeners, judged }: Look, registry: Registry): Pick<Subject, 'seen'> {
  const before = new Map([...judged].map(([{ id, fence }, judgement]) => [`${id} ${fence}`, judgement]))
  const now = registry.allocations.flatMap((one) => {
    const judgement = before.get(`${one.id} ${one.fence}`)
    return judgement ? [[one, judgement] as const] : []
  })
  return { seen: { listeners, judged: new Map(now) } }
}

/** `SERVICE=PORT`, the last sign parting the two. Throws `argument-invalid`, `port-invalid`, and `service-unknown` where no record speaks of it either. */
function destinations(registry: Registry, host: string, given: readonly string[]): Map<string, PortNumber> {
  return new Map(
    given.map((text) => {
      const [, name = '', number = ''] = /^(.+)=([^=]*)$/.exec(text) ?? []
      if (name === '')
        throw new Problem('argument-invalid', { argument: text, why: 'write SERVICE=PORT', command: 'resolve' })
      const recorded = registry.resolutions.some((one) => one.host === host && nameKey(one.service) === nameKey(name))
      if (!recorded) requireService(registry, host, name)
      return [nameKey(name), parsePort(number)]
    }),
  )
}

function running({ listeners }: Look, steps: readonly Step[]): Resolve['running'] {
  return steps.flatMap((step) => {
    if (step.do !== 'move') return []
    const holders = listenersAt(listeners, step.allocation).flatMap((listener) => listener.holders)
    const { service, port: from } = step.allocation
    return holders.length ? [{ service, from, to: step.to, holders: holders.map(showHolder) }] : []
  })
}
