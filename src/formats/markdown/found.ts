import type { DocumentMove, DocumentPort, DocumentRuling } from '../../core/document.ts'
import type { Declared } from '../../core/service.ts'
import type { Span } from './range-text.ts'

/** A line that speaks of a port, and why it cannot be used. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly line: number
  readonly text: string
  readonly why: string
}

/** What one row or item says, before it is compared with the rest of the document. */
export type Found =
  | {
      readonly kind: 'service'
      readonly line: number
      readonly text: string
      /** As it stands, with its `(Resolved)`. */
      readonly name: string
      readonly declared: Declared
      readonly description: string
      readonly ports: readonly DocumentPort[]
    }
  | {
      readonly kind: 'guideline'
      readonly line: number
      readonly text: string
      readonly span: Span
      readonly name: string
      readonly purpose: string
      readonly examples: string
    }
  | ({ readonly kind: 'move'; readonly text: string } & DocumentMove)
  | ({ readonly kind: 'ruling'; readonly text: string } & DocumentRuling)
  | Refusal
