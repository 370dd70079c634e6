import * as z from '../formats/zod.ts'
import { aboutOf } from '../core/audit/accepted.ts'
import type { Finding, Rule } from '../core/audit/finding.ts'
import type { Change } from '../core/commit.ts'
import { nameKey } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { nearest } from '../core/text.ts'
import { change } from './change.ts'
import { look } from './look.ts'
import { requireRule } from './named-rule.ts'
import { operation } from './operation.ts'
import { auditWithProject } from './project-audit.ts'
import { dryRunInput } from './shapes.ts'

export type Accept = z.output<typeof output>
const output = z.object({ rule: z.string(), about: z.array(z.string()), why: z.string(), withdrawn: z.boolean() })

export const accept = operation({
  name: 'accept',
  summary: 'Accepts what a rule finds about a service, with a reason that the exported document keeps.',
  effect: 'write',
  positional: ['rule', 'about'],
  examples: [
    'ports accept out-of-range PostgreSQL --why "its users expect it there"',
    'ports accept out-of-range --every --why "these are famous defaults"',
    'ports accept out-of-range PostgreSQL --withdraw',
  ],
  input: z.object({
    rule: z.string().check(z.describe('the rule, as `ports check` names it')),
    about: z.optional(z.string()).check(z.describe('the service, or the range or port where no service is named')),
    every: z.withDefault(z.boolean(), false).check(z.describe('all that the rule finds now')),
    why: z.optional(z.string()).check(z.describe('the reason; needed')),
    withdraw: z.withDefault(z.boolean(), false).check(z.describe('accept it no longer')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { rule: id, about, every, why, withdraw, dryRun }, call) {
    const rule = requireRule(id)
    if ((about === undefined) === !every) throw refuse('about', 'name what is accepted, or say --every')
    if (!withdraw && !why?.trim()) throw refuse('why', 'say with --why "..." why it is accepted')
    const seen = await look(world)
    const { findings } = rule.needsProject ? await auditWithProject(world, call, seen) : seen
    const when = world.clock.now().toISOString()
    const { decision } = await change(
      world,
      (registry) => {
        const names = withdraw ? accepted(registry, world.host, id, about) : found(findings, rule, about)
        const changes = names.map((name): Change => {
          const ruling = { host: world.host, rule: id, about: name, level: 'off' as const, why: why ?? '', when }
          return { do: withdraw ? 'remove-ruling' : 'put-ruling', ruling }
        })
        return { changes, names }
      },
      { dryRun },
    )
    return { rule: id, about: decision.names, why: why ?? '', withdrawn: withdraw }
  },
})

function refuse(argument: string, reason: string): Problem {
  return new Problem('argument-invalid', { argument, why: reason, command: 'accept' })
}

/** What the rule finds now, by the names under which it can be accepted. Throws `nothing-to-accept`. */
function found(findings: readonly Finding[], rule: Rule, about: string | undefined): string[] {
  const own = findings.filter((finding) => finding.rule === rule.id)
  if (about === undefined) return [...new Set(own.flatMap((finding) => aboutOf(finding, false).slice(0, 1)))]
  const names = own.flatMap((finding) => aboutOf(finding, rule.mutual ?? false))
  const name = names.find((one) => nameKey(one) === nameKey(about))
  if (name === undefined)
    throw new Problem('nothing-to-accept', { rule: rule.id, about, nearest: nearest(about, names) })
  return [name]
}

/** Throws `nothing-accepted`. */
function accepted({ rulings }: Registry, host: string, rule: string, about: string | undefined): string[] {
  const names = rulings.flatMap((one) =>
    one.host === host && one.rule === rule && one.about !== null ? [one.about] : [],
  )
  const meant = about === undefined ? names : names.filter((name) => nameKey(name) === nameKey(about))
  if (about !== undefined && !meant.length) throw new Problem('nothing-accepted', { rule, about })
  return meant
}
