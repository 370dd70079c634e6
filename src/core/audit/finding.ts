import type { Listener } from '../listener.ts'
import type { Registry } from '../registry.ts'
import type { Allocation } from '../allocation.ts'
import type { Judgement } from '../verdict.ts'

export const severities = ['error', 'warning', 'notice'] as const
export type Severity = (typeof severities)[number]

/** Something that the audit has to say. No sentences: `rule.says` makes them where they are shown. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly services: readonly string[]
  readonly ports: readonly number[]
  readonly facts: Readonly<Record<string, string | number | null>>
  /** What to do about it. */
  readonly hint: string
}

/** What a rule looks at: the promises of one host, and what was seen there where somebody looked. */
export interface Subject {
  readonly registry: Registry
  readonly host: string
  readonly seen: { readonly listeners: readonly Listener[]; readonly judged: ReadonlyMap<Allocation, Judgement> } | null
}

export interface Rule {
  readonly id: string
  readonly severity: Severity
  /** One sentence: what is wrong when it is found, and why that matters. */
  readonly summary: string
  readonly find: (subject: Subject) => Omit<Finding, 'rule' | 'severity'>[]
  readonly says: (finding: Finding) => string
}
