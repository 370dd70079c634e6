import { Rulings } from './accepted.ts'
import { severities } from './finding.ts'
import type { Finding, Rule, Severity, Subject } from './finding.ts'
import { browserBlockedPort } from './rules/browser-blocked.ts'
import { composeClash } from './rules/compose-clash.ts'
import { contradictedResolution } from './rules/contradicted-resolution.ts'
import { driftRule } from './rules/drift.ts'
import { duplicatePort } from './rules/duplicate-port.ts'
import { ephemeralRange } from './rules/ephemeral-range.ts'
import { exposed } from './rules/exposed.ts'
import { famousDefault } from './rules/famous-default.ts'
import { ianaAssigned } from './rules/iana-assigned.ts'
import { insideAnotherRange } from './rules/inside-another-range.ts'
import { lookAlikes } from './rules/look-alikes.ts'
import { missingResolution } from './rules/missing-resolution.ts'
import { outOfRange } from './rules/out-of-range.ts'
import { overlappingRanges } from './rules/overlapping-ranges.ts'
import { portTaken } from './rules/port-taken.ts'
import { privilegedPort } from './rules/privileged-port.ts'
import { rangeNearlyFull } from './rules/range-nearly-full.ts'
import { silentService } from './rules/silent-service.ts'
import { splitLocalhost } from './rules/split-localhost.ts'
import { staleClaim } from './rules/stale-claim.ts'
import { strayInRange } from './rules/stray-in-range.ts'

/** Every rule of the audit, the most harmful first. A new rule is a file in `rules/` and a line here. */
export const rules: readonly Rule[] = [
  duplicatePort,
  portTaken,
  contradictedResolution,
  composeClash,
  exposed,
  splitLocalhost,
  silentService,
  driftRule,
  ephemeralRange,
  overlappingRanges,
  insideAnotherRange,
  famousDefault,
  privilegedPort,
  browserBlockedPort,
  outOfRange,
  missingResolution,
  lookAlikes,
  strayInRange,
  staleClaim,
  rangeNearlyFull,
  ianaAssigned,
]

/** What the audit has to say: what is wrong, and what somebody accepted with a reason. */
export interface Audit {
  readonly findings: readonly Finding[]
  readonly accepted: readonly (Finding & { readonly why: string })[]
}

/** Everything that is wrong and was not accepted, the worst first, and within that in the order of the rules and of the registry. */
export function audit(subject: Subject): readonly Finding[] {
  return auditAll(subject).findings
}

export function auditAll(subject: Subject): Audit {
  const said = new Rulings(subject)
  const findings = new BySeverity<Finding>()
  const accepted = new BySeverity<Finding & { why: string }>()
  for (const rule of rules) {
    const level = said.levelOf(rule)
    if (level === 'off') continue
    for (const found of rule.find(subject)) {
      const { services, ports, facts, hint } = found
      const finding = { rule: rule.id, severity: level, services, ports, facts, hint }
      const why = said.accepts(finding, rule.mutual ?? false)
      if (why === null) findings.add(finding)
      else accepted.add({ ...finding, why })
    }
  }
  return { findings: findings.worstFirst(), accepted: accepted.worstFirst() }
}

/** Kept apart as they come: sorting ten thousand of them costs more than finding them. */
class BySeverity<Row extends Finding> {
  readonly #rows: Record<Severity, Row[]> = { error: [], warning: [], notice: [] }

  add(row: Row): void {
    this.#rows[row.severity].push(row)
  }

  worstFirst(): Row[] {
    return severities.flatMap((severity) => this.#rows[severity])
  }
}

export function findRule(id: string): Rule | null {
  return rules.find((rule) => rule.id === id) ?? null
}

/** The finding as one sentence without a full stop. */
export function sayFinding(finding: Finding): string {
  return findRule(finding.rule)?.says(finding) ?? finding.rule
}
