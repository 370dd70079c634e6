import { nameKey } from '../name.ts'
import type { Finding, Level, Rule, Subject } from './finding.ts'

/** What people decided about the rules, for the host that is audited. */
export class Rulings {
  readonly #levels = new Map<string, Level>()
  readonly #accepted = new Map<string, string>()

  constructor({ registry, host }: Pick<Subject, 'registry' | 'host'>) {
    for (const { host: at, rule, about, level, why } of registry.rulings) {
      if (at !== null && at !== host) continue
      if (about === null) this.#levels.set(rule, level)
      else if (level === 'off') this.#accepted.set(key(rule, about), why)
    }
  }

  levelOf({ id, level }: Pick<Rule, 'id' | 'level'>): Level {
    return this.#levels.get(id) ?? level
  }

  /** Why the finding was accepted, or null where nobody did. */
  accepts(finding: Finding, mutual: boolean): string | null {
    if (!this.#accepted.size) return null
    for (const about of aboutOf(finding, mutual)) {
      const why = this.#accepted.get(key(finding.rule, about))
      if (why !== undefined) return why
    }
    return null
  }
}

/** By what a finding is accepted: the service that it is about, any of them where the rule is `mutual`; without one its range, else its port. */
export function aboutOf(
  { services, ports, facts }: Pick<Finding, 'services' | 'ports' | 'facts'>,
  mutual: boolean,
): string[] {
  const [first] = services
  if (first !== undefined) return mutual ? [...services] : [first]
  if (!ports.length || 'otherRange' in facts) return typeof facts['range'] === 'string' ? [facts['range']] : []
  return ports.map(String)
}

function key(rule: string, about: string): string {
  return `${rule} ${nameKey(about)}`
}
