import type { Allocation } from '../allocation.ts'
import type { KernelFacts } from '../choose.ts'
import type { Obstacle } from '../compose-check.ts'
import type { Drift } from '../drift.ts'
import type { KnownServices } from '../known-services.ts'
import type { Listener } from '../listener.ts'
import type { Registry } from '../registry.ts'
import type { Judgement } from '../verdict.ts'

export const severities = ['error', 'warning', 'notice'] as const
export type Severity = (typeof severities)[number]
/** How loud a rule is. */
export const levels = ['off', 'notice', 'warning', 'error'] as const
export type Level = (typeof levels)[number]

/** Something that the audit has to say. No sentences: `rule.says` makes them where they are shown. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  /** The one that it is about first. */
  readonly services: readonly string[]
  readonly ports: readonly number[]
  readonly facts: Readonly<Record<string, string | number | null>>
  /** What to do about it. */
  readonly hint: string
}

/** What a rule found, before its level is put on it. */
export type Found = Omit<Finding, 'rule' | 'severity'>

/** What a rule looks at: the promises of one host, and what was seen there where somebody looked. A rule that needs what is missing finds nothing. */
export interface Subject {
  readonly registry: Registry
  readonly host: string
  readonly seen: { readonly listeners: readonly Listener[]; readonly judged: ReadonlyMap<Allocation, Judgement> } | null
  readonly kernel?: KernelFacts
  readonly known?: KnownServices
  /** Claims that nobody wants any more, each with the reason. */
  readonly stale?: ReadonlyMap<Allocation, string>
  readonly project?: SeenProject
}

/** What stands in the files of a project, where the audit is about one. */
export interface SeenProject {
  readonly drifts: readonly Drift[]
  /** What keeps its compose project from ports, by what is written. */
  readonly obstacles: readonly Obstacle[]
  /** Why its compose files could not be read, null where they could, or where there are none. */
  readonly unreadable: { readonly file: string; readonly line: number | null; readonly why: string } | null
}

export interface Rule {
  readonly id: string
  /** How loud it is where nobody said otherwise. */
  readonly level: Level
  /** One sentence: what is wrong when it is found, and why that matters. */
  readonly summary: string
  /** What to do about it, for the reference; each finding has its own hint. */
  readonly remedy: string
  /** Whether all services of a finding are in it alike, so that whichever is accepted settles it; else it is about the first. */
  readonly mutual?: boolean
  /** Whether it is about the files of a project, and finds nothing without one. */
  readonly needsProject?: boolean
  readonly find: (subject: Subject) => Found[]
  readonly says: (finding: Finding) => string
}
