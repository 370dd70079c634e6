import { row } from './problem-row.ts'
import { list } from './text.ts'

/** What may be wrong with a compose project, or with the Compose that is to start it. */
export const composeProblems = {
  'compose-missing': row<{ folder: string }>(
    'invalid',
    ({ folder }) => `there is no compose file in ${folder} or above it`,
    () => 'Go to the project, or name its files: ports compose docker-compose.yml',
  ),
  'file-not-ours': row<{ path: string }>(
    'refused',
    ({ path }) => `${path} was written by somebody else, and is left as it is`,
    () =>
      'Move it away and name it as a further file, so that both are merged: ports compose docker-compose.yml OTHER.yml',
  ),
  'compose-invalid': row<{ path: string; line: number; column: number; why: string }>(
    'invalid',
    ({ path, line, column, why }) => `${path}:${line}:${column}: ${why}`,
    () => 'Compose could not use it either: mend the file.',
  ),
  'compose-too-old': row<{ command: string; version: string; major: number }>(
    'refused',
    ({ command, version, major }) =>
      major < 2
        ? `${command} is ${version}: Compose 1 fails on the tag that replaces a list of ports, and without it an override only adds ports`
        : `${command} is ${version}: before 2.24.4 no override replaces a list of ports, it only adds to it`,
    () => 'Write one merged file instead: ports compose --standalone',
  ),
  'compose-disagrees': row<{ by: string; differences: string[] }>(
    'outside',
    ({ by, differences }) =>
      `${by} would not publish what the registry says, and nothing was written: ${list(differences)}`,
    () => 'Update Compose, or write one merged file: ports compose --standalone',
  ),
} as const
