import { row } from './problem-row.ts'

/** What may be wrong with how services are started and kept up. */
export const serviceProblems = {
  'recipe-missing': row<{ service: string; neededBy: string | null }>(
    'invalid',
    ({ service, neededBy }) =>
      `how to start ${service} is not known${neededBy === null ? '' : `, and ${neededBy} waits for it`}`,
    ({ service }) => `Give it once: ports edit "${service}" --command "..."`,
  ),
  'start-cycle': row<{ services: string[] }>(
    'invalid',
    ({ services }) => `these services wait for each other: ${services.join(' -> ')}`,
    ({ services }) => `Let one of them wait no longer: ports edit "${services[0]}" --after ""`,
  ),
  'recipe-invalid': row<{ path: string; line: number; column: number; why: string }>(
    'invalid',
    ({ path, line, column, why }) => `${path}:${line}:${column}: ${why}`,
    () => 'Nothing was started. docs/guide/services.md shows the whole form.',
  ),
  'wait-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `'${text}' is no time to wait`,
    () => 'Write a number and ms, s, m or h, at most a day: 500ms, 30s, 5m.',
  ),
} as const
