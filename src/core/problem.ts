import { problems } from './problems.ts'
import type { ProblemCode, ProblemFacts, ProblemKind } from './problems.ts'
import { printable } from './text.ts'

/** What a problem looks like where it leaves the program: in `--json`, over HTTP, to an agent. */
export interface ProblemReport {
  readonly code: ProblemCode
  readonly kind: ProblemKind
  readonly message: string
  readonly hint: string
  readonly facts: Readonly<Record<string, unknown>>
}

/**
 * Something that a person or a caller has to know and can act on. `code` is stable, `facts` are data; the words come from the table in
 * `problems.ts` with every fact made printable, so that a message can go to a terminal as it is. Any other error is our own fault.
 */
export class Problem<Code extends ProblemCode = ProblemCode> extends Error {
  readonly code: Code
  readonly facts: ProblemFacts<Code>

  constructor(code: Code, facts: ProblemFacts<Code>) {
    super(words(code, 'says', facts))
    this.name = 'Problem'
    this.code = code
    this.facts = facts
  }

  get kind(): ProblemKind {
    return problems[this.code].kind
  }

  /** What to do next, in one sentence or two. */
  get hint(): string {
    return words(this.code, 'hint', this.facts)
  }

  report(): ProblemReport {
    return { code: this.code, kind: this.kind, message: this.message, hint: this.hint, facts: this.facts }
  }
}

export function isProblem<Code extends ProblemCode>(error: unknown, code?: Code): error is Problem<Code> {
  return error instanceof Problem && (code === undefined || error.code === code)
}

function words<Code extends ProblemCode>(code: Code, part: 'says' | 'hint', facts: ProblemFacts<Code>): string {
  const safe = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, safely(value)]))
  // The table's rows differ in their facts, and the compiler cannot see that code and facts go together: the constructor's signature holds it.
  const say = problems[code][part] as (facts: unknown) => string
  return say(safe)
}

function safely(value: unknown): unknown {
  if (typeof value === 'string') return printable(value)
  return Array.isArray(value) ? value.map(safely) : value
}
