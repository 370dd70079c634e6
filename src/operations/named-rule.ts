import { findRule, rules } from '../core/audit/audit.ts'
import type { Rule } from '../core/audit/finding.ts'
import { Problem } from '../core/problem.ts'
import { nearest } from '../core/text.ts'

/** The rule of that name. Throws `rule-unknown` with the nearest name. */
export function requireRule(id: string): Rule {
  const rule = findRule(id)
  if (rule) return rule
  throw new Problem('rule-unknown', {
    rule: id,
    nearest: nearest(
      id,
      rules.map((one) => one.id),
    ),
  })
}
