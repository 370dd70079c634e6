import { row } from './problem-row.ts'

/** What looking back may answer with. */
export const historyProblems = {
  'time-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `'${text}' is no time that can be looked up`,
    () => 'Write 14:05, "yesterday 14:05", yesterday, 2026-11-25 or "2026-11-25 14:05".',
  ),
} as const
