import { row } from './problem-row.ts'

/** What mending files may answer with. */
export const driftProblems = {
  'consent-missing': row<{ what: string }>(
    'invalid',
    ({ what }) => `nobody is there to be asked whether to ${what}, and nothing was changed`,
    () => 'Look with --dry-run first, then say --yes.',
  ),
  declined: row<{ what: string }>(
    'refused',
    ({ what }) => `you did not want to ${what}, and nothing was changed`,
    () => 'Look at it first with --dry-run.',
  ),
  'file-changed': row<{ path: string; why: string }>(
    'refused',
    ({ path, why }) => `${path} is left as it is, and so is every other file: ${why}`,
    () => 'Run it again: what stands there now is looked at anew.',
  ),
  'files-not-taken-back': row<{ path: string; kept: string; why: string }>(
    'outside',
    ({ path, why }) => `writing was given up, and ${path} could not be put back: ${why}`,
    ({ path, kept }) => `What it was stands beside it: mv ${kept} ${path}`,
  ),
} as const
