import { row } from './problem-row.ts'

function lockedBy({ pid, command, stopped }: { pid?: number; command?: string; stopped?: boolean }): string {
  return pid === undefined ? 'another process' : `'${command}' (pid ${pid}${stopped ? ', which is stopped' : ''})`
}

/** What a registry store or the journal may answer with. */
export const storeProblems = {
  unavailable: row<{ store: string; why: string }>(
    'outside',
    ({ store, why }) => `the registry ${store} cannot be reached, and nothing was changed: ${why}`,
    () =>
      'Check the path, its permissions and whether its folder can be written. IZA_PORTS_HOME or --store choose another place.',
  ),
  ambiguous: row<{ store: string; id: string; why: string }>(
    'outside',
    ({ store, why }) =>
      `the answer to a change of the registry ${store} was lost, and whether it happened is not known: ${why}`,
    ({ id }) => `Look with 'ports list' before you try again; the same change with the id ${id} is done at most once.`,
  ),
  'read-only': row<{ store: string }>(
    'outside',
    ({ store }) => `the registry ${store} may not be written by you, and nothing was changed`,
    () => 'Check the permissions of the file and its folder; reading works.',
  ),
  busy: row<{ store: string; seconds: number; pid?: number; command?: string; stopped?: boolean }>(
    'outside',
    ({ store, seconds, ...holder }) =>
      `the registry ${store} was locked by ${lockedBy(holder)} for ${seconds} s, and nothing was changed`,
    ({ pid, stopped }) =>
      pid === undefined
        ? 'Try again; if it stays so, find who has the file open (lsof FILE).'
        : stopped
          ? `Let it go on (kill -CONT ${pid}) or end it, and try again.`
          : 'Try again when it is done.',
  ),
  'disk-full': row<{ store: string }>(
    'outside',
    ({ store }) => `the disk of the registry ${store} is full, and nothing was changed`,
    () => 'Make room and try again.',
  ),
  corrupt: row<{ store: string; why: string }>(
    'outside',
    ({ store, why }) => `the registry ${store} is damaged: ${why}`,
    ({ store }) =>
      `Nothing was written to it. Move the file away (mv ${store} ${store}.damaged) and import your document again.`,
  ),
  'newer-registry': row<{ store: string; version: number; known: number }>(
    'outside',
    ({ store, version, known }) =>
      `the registry ${store} was written by a newer version (form ${version}, this one knows ${known})`,
    () => 'Update IZA Ports; nothing was changed.',
  ),
  'store-replaced': row<{ store: string }>(
    'outside',
    ({ store }) => `the registry ${store} was deleted or replaced while it was open, and nothing was changed`,
    () => 'Start again: what was deleted is gone, and what stands there now is used.',
  ),
  'network-file-system': row<{ store: string; kind: string }>(
    'outside',
    ({ store, kind }) =>
      `the registry ${store} would lie on a network file system (${kind}), whose locks cannot be trusted`,
    () => 'Put it on a local disk with IZA_PORTS_HOME or --store.',
  ),
} as const
