import { severities } from './finding.ts'
import type { Finding, Rule, Subject } from './finding.ts'
import { contradictedResolution } from './rules/contradicted-resolution.ts'
import { duplicatePort } from './rules/duplicate-port.ts'
import { insideAnotherRange } from './rules/inside-another-range.ts'
import { missingResolution } from './rules/missing-resolution.ts'
import { outOfRange } from './rules/out-of-range.ts'
import { portTaken } from './rules/port-taken.ts'

/** Every rule of the audit. A new rule is a file in `rules/` and a line here. */
export const rules: readonly Rule[] = [
  duplicatePort,
  portTaken,
  contradictedResolution,
  insideAnotherRange,
  outOfRange,
  missingResolution,
]

/** Everything that is wrong, the worst first, and within that in the order of the rules and of the registry. */
export function audit(subject: Subject): Finding[] {
  const findings = rules.flatMap((rule) =>
    rule.find(subject).map((found): Finding => ({ rule: rule.id, severity: rule.severity, ...found })),
  )
  return findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

/** The finding as one sentence without a full stop. */
export function sayFinding(finding: Finding): string {
  return rules.find(({ id }) => id === finding.rule)?.says(finding) ?? finding.rule
}
