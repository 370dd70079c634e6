import { row } from './problem-row.ts'
import { shorten } from './text.ts'

const quote = (text: string): string => `'${shorten(text, 60)}'`

/** What auditing, resolving and undoing may answer with. */
export const conflictProblems = {
  'rule-unknown': row<{ rule: string; nearest: string | null }>(
    'invalid',
    ({ rule }) => `the audit has no rule ${quote(rule)}`,
    ({ nearest }) => (nearest ? `Did you mean ${quote(nearest)}?` : "'ports rules' lists them."),
  ),
  'nothing-to-accept': row<{ rule: string; about: string; nearest: string | null }>(
    'refused',
    ({ rule, about }) => `${rule} finds nothing about ${quote(about)}`,
    ({ rule, nearest }) =>
      nearest
        ? `It finds something about ${quote(nearest)}.`
        : `'ports check' shows what is found now; 'ports rule set ${rule} off' silences the whole rule.`,
  ),
  'nothing-accepted': row<{ rule: string; about: string }>(
    'refused',
    ({ rule, about }) => `${rule} was not accepted for ${quote(about)}`,
    () => "'ports rules' shows what was accepted.",
  ),
} as const
