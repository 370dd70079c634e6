import type { Finding } from '../../core/audit/finding.ts'

/** What an audit found, ready to be told elsewhere. */
export interface Report {
  /** The document that was audited, as the caller named it; null for the registry. */
  readonly file: string | null
  readonly findings: readonly Reported[]
  readonly accepted: readonly (Reported & { readonly why: string })[]
}

export interface Reported extends Finding {
  /** The finding as one sentence without a full stop. */
  readonly message: string
  /** Where it stands: the document, or a file of a project. Null for the registry. */
  readonly file: string | null
  /** 1-based; null where the file does not tell. */
  readonly line: number | null
}
