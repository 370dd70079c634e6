import { severities } from './finding.ts'
import type { Finding, Rule, Subject } from './finding.ts'
import { browserBlockedPort } from './rules/browser-blocked.ts'
import { contradictedResolution } from './rules/contradicted-resolution.ts'
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
  exposed,
  splitLocalhost,
  silentService,
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

/** Everything that is wrong, the worst first, and within that in the order of the rules and of the registry. */
export function audit(subject: Subject): Finding[] {
  const findings = rules.flatMap((rule) => {
    const { id, level } = rule
    return level === 'off' ? [] : rule.find(subject).map((found): Finding => ({ rule: id, severity: level, ...found }))
  })
  return findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

const byId = new Map(rules.map((rule) => [rule.id, rule]))

export function findRule(id: string): Rule | null {
  return byId.get(id) ?? null
}

/** The finding as one sentence without a full stop. */
export function sayFinding(finding: Finding): string {
  return findRule(finding.rule)?.says(finding) ?? finding.rule
}
