import { row } from './problem-row.ts'

/** What looking back, and looking by other programs, may answer with. */
export const historyProblems = {
  'time-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `'${text}' is no time that can be looked up`,
    () => 'Write 14:05, "yesterday 14:05", yesterday, 2026-11-25 or "2026-11-25 14:05".',
  ),
  'tool-missing': row<{ program: string }>(
    'outside',
    ({ program }) => `${program} is not installed, and listeners cannot be seen without it`,
    ({ program }) => `Install ${program}, or put it on the PATH.`,
  ),
} as const
