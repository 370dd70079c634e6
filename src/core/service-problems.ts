import { row } from './problem-row.ts'
import { list, shorten } from './text.ts'

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
    ({ services }) =>
      `Let one of them wait no longer: take it out of its depends_on, or ports edit "${services[0]}" --after ""`,
  ),
  'recipe-invalid': row<{ path: string; line: number; column: number; why: string }>(
    'invalid',
    ({ path, line, column, why }) => `${path}:${line}:${column}: ${why}`,
    () => 'Nothing was started or changed. docs/guide/services.md shows the whole form.',
  ),
  'recipe-edit-invalid': row<{ service: string; why: string }>(
    'invalid',
    ({ service, why }) => `${service} cannot be kept so: ${why}`,
    () => "Nothing was changed. 'ports edit --help' shows what it takes.",
  ),
  'named-port-unknown': row<{ service: string; name: string; ports: number[]; nearest: string | null }>(
    'invalid',
    ({ service, name, ports }) =>
      `${service} cannot be started: it names the port of '${shorten(name, 60)}', which has ${ports.length ? `${ports.length}: ${list(ports.map(String))}` : 'none'}`,
    ({ name, ports, nearest }) =>
      ports.length
        ? 'Write the digits of the one that is meant into its recipe.'
        : nearest === null
          ? `Give it one: ports reserve "${name}" PORT`
          : `Did you mean {port of ${nearest}}?`,
  ),
  'backend-unavailable': row<{ service: string; why: string }>(
    'outside',
    ({ service, why }) => `${service} cannot be started by systemd: ${why}`,
    ({ service }) =>
      `Start it without: --backend processes, or for good: ports edit "${service}" --backend processes. 'systemctl --user status' shows whether a manager of yours runs.`,
  ),
  'hand-over-impossible': row<{ service: string; why: string }>(
    'outside',
    ({ service, why }) => `${service} cannot be handed a socket: ${why}`,
    ({ service }) => `Start it without one: ports edit "${service}" --hand-over no`,
  ),
  'socket-not-taken': row<{ service: string; port: number; exit: string; lines: string[]; log: string }>(
    'refused',
    ({ service, port, exit, lines }) =>
      `${service} did not take the socket on ${port} that it was handed, and ended: ${exit}${lines.map((line) => `\n  | ${line}`).join('')}`,
    ({ service, log }) =>
      `Have it listen on descriptor 3 (LISTEN_FDS, as systemd hands sockets over), or start it without: ports edit "${service}" --hand-over no. The whole log is ${log}`,
  ),
  'folder-gone': row<{ service: string; folder: string }>(
    'invalid',
    ({ service, folder }) => `${service} cannot be started: there is no folder ${folder}`,
    ({ service }) => `Make it, or say where it is now: ports edit "${service}" --cwd FOLDER`,
  ),
  'env-file-missing': row<{ service: string; path: string }>(
    'invalid',
    ({ service, path }) => `${service} cannot be started: there is no env file ${path}`,
    ({ service }) => `Make it, or start it without: ports edit "${service}" --env-file ""`,
  ),
  'env-file-invalid': row<{ path: string; line: number; column: number; why: string }>(
    'invalid',
    ({ path, line, column, why }) => `${path}:${line}:${column}: ${why}`,
    () => 'Nothing was started. A line is NAME=value, and a value that holds # or spaces at its ends stands in quotes.',
  ),
  'recipe-source-invalid': row<{ path: string; line: number; why: string }>(
    'invalid',
    ({ path, line, why }) => `${path}:${line}: ${why}`,
    () => 'Nothing was imported: mend the file first.',
  ),
  'taken-unknown': row<{ name: string; path: string; known: string[]; nearest: string | null }>(
    'invalid',
    ({ name, path }) => `${path} has no '${shorten(name, 60)}'`,
    ({ known, nearest }) =>
      nearest !== null
        ? `Did you mean '${shorten(nearest, 60)}'?`
        : known.length
          ? `It has ${list(known.slice(0, 20).map((one) => shorten(one, 60)))}.`
          : 'It names nothing that could be started.',
  ),
  'wait-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `'${text}' is no span of time`,
    () => 'Write a number and ms, s, m or h, at most a day: 500ms, 30s, 5m.',
  ),
} as const
