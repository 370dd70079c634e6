import * as z from '../formats/zod.ts'
import { levels } from '../core/audit/finding.ts'
import type { Change } from '../core/commit.ts'
import { change } from './change.ts'
import { requireRule } from './named-rule.ts'
import { operation } from './operation.ts'
import { dryRunInput } from './shapes.ts'

export type RuleSet = z.output<typeof output>
const output = z.object({ rule: z.string(), level: z.enum(levels), changed: z.boolean() })

export const ruleSet = operation({
  name: 'rule set',
  summary: 'Makes a rule of the audit louder or quieter, for every host of the registry.',
  effect: 'write',
  positional: ['rule', 'level'],
  examples: [
    'ports rule set out-of-range off',
    'ports rule set inside-another-range error',
    'ports rule set iana-assigned preset',
  ],
  input: z.object({
    rule: z.string().check(z.describe('the rule, as `ports rules` names it')),
    level: z.enum([...levels, 'preset']).check(z.describe(`${levels.join(', ')}, or preset: as it was made`)),
    why: z.withDefault(z.string(), '').check(z.describe('the reason, for whoever reads the exported document')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { rule: id, level: wanted, why, dryRun }) {
    const rule = requireRule(id)
    const level = wanted === 'preset' ? rule.level : wanted
    const ruling = { host: null, rule: id, about: null, level, why, when: world.clock.now().toISOString() }
    const { decision } = await change(
      world,
      ({ rulings }) => {
        const before = rulings.find((one) => one.rule === id && one.about === null)
        const changes: Change[] = []
        if (wanted === 'preset' && before) changes.push({ do: 'remove-ruling', ruling })
        if (wanted !== 'preset' && (before?.level !== level || before.why !== why))
          changes.push({ do: 'put-ruling', ruling })
        return { changes }
      },
      { dryRun },
    )
    return { rule: id, level, changed: decision.changes.length > 0 }
  },
})
