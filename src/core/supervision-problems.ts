import { row } from './problem-row.ts'

/** What may be wrong with keeping services up. */
export const supervisionProblems = {
  'supervisor-there': row<{ pid: number }>(
    'refused',
    ({ pid }) => `the services of this user are kept up already, by pid ${pid}`,
    ({ pid }) => `Nothing was changed. See what it keeps up: ports ps. To take its place, end it first: kill ${pid}`,
  ),
  'not-wanted': row<{ service: string }>(
    'refused',
    ({ service }) => `${service} was stopped meanwhile`,
    ({ service }) => `Nothing was started. Want it again: ports start "${service}"`,
  ),
  'boot-service-unavailable': row<{ why: string; path: string }>(
    'outside',
    ({ why }) => `nothing here starts the supervisor by itself: ${why}`,
    ({ path }) =>
      `Nothing was written. ports service install --dry-run prints what would stand in ${path}; without it: ports serve`,
  ),
  'boot-service-failed': row<{ command: string; said: string; path: string }>(
    'outside',
    ({ command, said }) => `${command} failed: ${said}`,
    ({ path }) => `See what it is about: systemctl --user status iza-ports. The unit is ${path}.`,
  ),
  'boot-service-unsafe': row<{ name: string }>(
    'invalid',
    ({ name }) => `${name} holds control characters, which may not stand in a unit`,
    () => 'Nothing was written. Change it, or unset it.',
  ),
  'boot-service-missing': row<{ path: string }>(
    'refused',
    ({ path }) => `there is no ${path}`,
    () => 'Nothing was changed. Install it: ports service install',
  ),
} as const
