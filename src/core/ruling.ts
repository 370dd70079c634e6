import type { Level } from './audit/finding.ts'
import { nameKey } from './name.ts'

/** What a person decided about a rule of the audit: how loud it is, or, for one service, range or port, that what it finds there is accepted. */
export interface Ruling {
  /** The host whose findings are accepted; null for the level of a rule, which holds on every host. */
  readonly host: string | null
  readonly rule: string
  /** The service, range or port that it is about; null for the level of the whole rule. */
  readonly about: string | null
  /** `off` for what is accepted. */
  readonly level: Level
  readonly why: string
  /** ISO 8601, or null where nobody wrote it down. */
  readonly when: string | null
}

/** What makes two rulings the same one, so that the later replaces the earlier. */
export function rulingKey({ host, rule, about }: Pick<Ruling, 'host' | 'rule' | 'about'>): string {
  return JSON.stringify([host, rule, about === null ? null : nameKey(about)])
}
