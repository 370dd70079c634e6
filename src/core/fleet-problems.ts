import { row } from './problem-row.ts'

/** What goes wrong between hosts, and between registries. */
export const fleetProblems = {
  'host-unknown': row<{ name: string; nearest: string | null }>(
    'invalid',
    ({ name }) => `the registry knows no host called '${name}'`,
    ({ nearest }) =>
      nearest
        ? `Did you mean '${nearest}'?`
        : 'A host is known once it has a service: ports reserve NAME PORT --host HOST',
  ),
  'seen-there-only': row<{ host: string; here: string }>(
    'invalid',
    ({ host, here }) =>
      `which claims of ${host} nobody uses can only be seen on ${host}, and this is ${here}: nothing was looked at or freed`,
    ({ host }) =>
      `Type 'ports gc' on ${host}. 'ports claims --host ${host}' shows what is claimed there, and 'ports release --id ID' frees what you know to be unused.`,
  ),
  'registry-not-empty': row<{ store: string; services: number }>(
    'refused',
    ({ store, services }) => `the registry ${store} is not empty (${services} services), and nothing was changed`,
    () => 'See what would happen with --dry-run, keep what is there with: ports backup, then replace it with --yes.',
  ),
  'backup-invalid': row<{ path: string; why: string }>(
    'invalid',
    ({ path, why }) => `${path} is not a whole backup: ${why}`,
    () => "'ports backup' writes the form; a document is read with 'ports import'.",
  ),
  'copy-differs': row<{ store: string; first: string; more: number }>(
    'outside',
    ({ store, first, more }) =>
      `the registry ${store} does not hold what was put into it: ${first} is missing${more ? `, and ${more} more` : ''}`,
    () => 'Somebody may have changed it at the same moment. Look with ports list, and do it again.',
  ),
} as const
