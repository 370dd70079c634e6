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
  'undo-nothing': row<{ host: string }>(
    'refused',
    ({ host }) => `no change of ${host} is there to take back`,
    () => "A change of another host is taken back by its number: 'ports undo REVISION'.",
  ),
  'undo-forgotten': row<{ revision: number }>(
    'refused',
    ({ revision }) => `change ${revision} is too old to be remembered`,
    () => 'Export the registry, correct the document and import it again.',
  ),
  'revision-unknown': row<{ revision: number; newest: number }>(
    'invalid',
    ({ revision, newest }) => `there is no change ${revision}; the last one is ${newest}`,
    () => "'ports undo --dry-run' shows the last one.",
  ),
  'undo-overtaken': row<{ revision: number; row: string; by: number | null; at: string | null }>(
    'refused',
    ({ revision, row: what, by, at }) =>
      `change ${revision} cannot be taken back: ${what} was changed again${by === null ? '' : ` by change ${by} of ${at}`}`,
    ({ by }) =>
      by === null ? "Look with 'ports list', and change it by hand." : `Take that one back first: ports undo ${by}`,
  ),
} as const
