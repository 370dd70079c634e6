import * as z from '../formats/zod.ts'
import { rules as all } from '../core/audit/audit.ts'
import { Rulings } from '../core/audit/accepted.ts'
import { levels } from '../core/audit/finding.ts'
import { operation } from './operation.ts'

export type Rules = z.output<typeof output>
const output = z.object({
  rules: z.array(z.object({ rule: z.string(), level: z.enum(levels), preset: z.enum(levels), summary: z.string() })),
  accepted: z.array(z.object({ rule: z.string(), about: z.string(), why: z.string(), when: z.nullable(z.string()) })),
})

export const rules = operation({
  name: 'rules',
  summary: 'Lists the rules of the audit with their levels, and what was accepted with its reason.',
  effect: 'read',
  positional: [],
  examples: ['ports rules', 'ports rules --json'],
  input: z.object({}),
  output,
  async run(world) {
    const registry = await world.registry.read({ host: world.host })
    const rulings = new Rulings({ registry, host: world.host })
    return {
      rules: all.map((rule) => ({
        rule: rule.id,
        level: rulings.levelOf(rule),
        preset: rule.level,
        summary: rule.summary,
      })),
      accepted: registry.rulings.flatMap(({ rule, about, why, when }) =>
        about === null ? [] : { rule, about, why, when },
      ),
    }
  },
})
