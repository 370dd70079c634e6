import { composeProblems } from './compose-problems.ts'
import { driftProblems } from './drift-problems.ts'
import { fleetProblems } from './fleet-problems.ts'
import { row } from './problem-row.ts'
import { serviceProblems } from './service-problems.ts'
import { conflictProblems } from './conflict-problems.ts'
import { sessionProblems } from './session-problems.ts'
import { historyProblems } from './history-problems.ts'
import { storeProblems } from './store-problems.ts'
import { supervisionProblems } from './supervision-problems.ts'
import { list, shorten } from './text.ts'

export type { ProblemKind } from './problem-row.ts'

const quote = (text: string): string => `'${shorten(text, 60)}'`
const meant = (nearest: string | null, otherwise: string): string =>
  nearest ? `Did you mean ${quote(nearest)}?` : otherwise

/** Every problem the product can speak of. `docs/reference/problems.md` is written from this table. */
export const problems = {
  ...historyProblems,
  ...storeProblems,
  ...serviceProblems,
  ...conflictProblems,
  ...composeProblems,
  ...sessionProblems,
  ...driftProblems,
  ...fleetProblems,
  ...supervisionProblems,
  'port-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `${quote(text)} is not a port`,
    () => 'A port is a whole number from 1 to 65535 in plain digits, for example 3000.',
  ),
  'block-backwards': row<{ from: number; to: number }>(
    'invalid',
    ({ from, to }) => `${from}-${to} runs backwards`,
    ({ from, to }) => `Write the lower port first: ${to}-${from}.`,
  ),
  'span-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `${quote(text)} is no span of time that a claim can be made for`,
    () => 'Write a number and s, m, h or d, at most a year: 30m, 2h, 7d.',
  ),
  'address-invalid': row<{ text: string }>(
    'invalid',
    ({ text }) => `${quote(text)} is not an address`,
    () => "Use '*' for all addresses, or an IPv4 or IPv6 address, for example 127.0.0.1 or ::1.",
  ),
  'name-invalid': row<{ what: string; text: string; why: string }>(
    'invalid',
    ({ what, text, why }) =>
      `${text === '' ? 'The name' : quote(text)} cannot name ${what === 'owner' ? 'an' : 'a'} ${what}: ${why}`,
    () => 'Use one line of visible text, at most 200 characters.',
  ),
  'command-unknown': row<{ word: string; nearest: string | null }>(
    'invalid',
    ({ word }) => `there is no command ${quote(word)}`,
    ({ nearest }) => meant(nearest, "'ports help' lists the commands."),
  ),
  'argument-invalid': row<{ argument: string; why: string; command: string }>(
    'invalid',
    ({ argument, why }) => `${argument}: ${why}`,
    ({ command }) => `'ports ${command} --help' shows what it takes.`,
  ),
  'service-unknown': row<{ name: string; nearest: string | null }>(
    'invalid',
    ({ name }) => `no service is called ${quote(name)}`,
    ({ nearest }) => meant(nearest, "'ports list' shows every service."),
  ),
  'range-unknown': row<{ name: string; nearest: string | null }>(
    'invalid',
    ({ name }) => `no range is called ${quote(name)}`,
    ({ nearest }) => meant(nearest, "'ports ranges' shows every range."),
  ),
  'range-exists': row<{ name: string; from: number; to: number }>(
    'refused',
    ({ name, from, to }) => `there is a range ${name} already (${from}-${to})`,
    ({ name }) => `Change it with: ports range edit "${name}"`,
  ),
  'allocation-unknown': row<{ id: string }>(
    'refused',
    ({ id }) => `no allocation has the id ${quote(id)}`,
    () => "It may have been released meanwhile: 'ports list' shows what is allocated now.",
  ),
  'port-unallocated': row<{ port: number; protocol: string }>(
    'refused',
    ({ port, protocol }) => `${port}/${protocol} belongs to no service`,
    () => "'ports list' shows what is allocated.",
  ),
  'several-ports': row<{ service: string; ports: number[] }>(
    'invalid',
    ({ service, ports }) => `${service} has ${ports.length} ports: ${list(ports.map(String))}`,
    () => 'Name the one that is meant.',
  ),
  'service-has-ports': row<{ name: string; ports: number[] }>(
    'refused',
    ({ name, ports }) => `${name} still has ${list(ports.map(String))}`,
    ({ name }) => `Release it first: ports release "${name}"`,
  ),
  conflict: row<{ port: number; protocol: string; address: string; service: string; wanted: string }>(
    'refused',
    ({ port, protocol, service, wanted }) => `${wanted} cannot have ${port}/${protocol}: it belongs to ${service}`,
    ({ service, port }) =>
      `Choose another port, move ${service} away (ports move "${service}" PORT), or release it (ports release ${port}).`,
  ),
  'claimed-meanwhile': row<{ service: string; port: number }>(
    'refused',
    ({ service, port }) => `${service} got ${port} at this very moment`,
    () => 'Read the registry again: it is there.',
  ),
  'not-yours': row<{ service: string; owner: string }>(
    'refused',
    ({ service, owner }) => `${service} is claimed by ${owner}`,
    () => "Release it from there, or by the claim's id: ports claims --json shows it, ports release --id ID.",
  ),
  'range-full': row<{ range: string; tried: number; why?: string; stale?: string[] }>(
    'refused',
    ({ range, tried, why }) => `no port is left in ${range}: ${why ?? `${tried} were tried`}`,
    ({ stale = [] }) =>
      stale.length
        ? `Nobody seems to want ${list(stale)} any more: 'ports gc' shows why, and 'ports release --id ID' is for what you know yourself.`
        : "Widen the range with 'ports range edit', or release what is not used: 'ports claims' and 'ports list' show it.",
  ),
  'out-of-range': row<{ port: number; range: string; from: number; to: number }>(
    'refused',
    ({ port, range, from, to }) => `${port} is not in ${range} (${from}-${to})`,
    () => 'Choose a port inside, or another range.',
  ),
  fenced: row<{ id: string; fence: number; current: number }>(
    'refused',
    ({ id, fence, current }) =>
      `allocation ${id} was changed by somebody else: fence ${fence} is over, ${current} is in force`,
    () => 'Read the registry again and decide anew.',
  ),
  'revision-moved': row<{ expected: number; current: number }>(
    'refused',
    ({ expected, current }) => `the registry is at revision ${current}, this change was made for ${expected}`,
    () => 'Read the registry again and decide anew.',
  ),
  'port-taken': row<{ port: number; protocol: string; holder: string; pid: number | null }>(
    'refused',
    ({ port, protocol, holder }) => `${port}/${protocol} is held by ${holder}`,
    ({ port, protocol }) =>
      `See it with 'ports who ${port}', end it with 'ports kill ${port}${protocol === 'udp' ? ' --protocol udp' : ''}', or choose another port.`,
  ),
  'plan-changed': row<{ ports: number[]; token: string }>(
    'refused',
    ({ ports, token }) =>
      `what is at ${list(ports.map(String))} is not what the plan ${token} was made for, and nothing was ended`,
    ({ ports }) => `Look again: ports kill ${ports.join(' ')} --dry-run`,
  ),
  'runs-elsewhere': row<{ service: string; port: number; asked: number }>(
    'refused',
    ({ service, port, asked }) => `${service} belongs on ${port}, not on ${asked}`,
    ({ service, asked }) => `Start it without a port, or move it first: ports move "${service}" ${asked}`,
  ),
  'port-needed': row<{ service: string }>(
    'invalid',
    ({ service }) => `${service} is not registered, so its port is not known`,
    ({ service }) => `Give it one: ports reserve "${service}" PORT, or ports start "${service}" PORT "command"`,
  ),
  'command-needed': row<{ service: string; port: number }>(
    'invalid',
    ({ service }) => `how to start ${service} is not known`,
    ({ service, port }) => `Give the command once: ports start "${service}" ${port} "command". It is remembered.`,
  ),
  'start-exited': row<{ service: string; port: number; exit: string; log: string; lines: string[] }>(
    'refused',
    ({ service, port, exit, lines }) =>
      `${service} ended before it listened on ${port}: ${exit}${lines.length ? `\n${lines.map((line) => `  | ${line}`).join('\n')}` : ', and wrote nothing'}`,
    ({ log }) => `The whole log is ${log}`,
  ),
  'start-silent': row<{
    service: string
    port: number
    seconds: number
    others: string[]
    log: string
    lines: string[]
  }>(
    'refused',
    ({ service, port, seconds, others, lines }) =>
      `${service} did not listen on ${port} within ${seconds} s and was ended` +
      (others.length ? `: it listened on ${list(others)} instead` : '') +
      (lines.length ? `\n${lines.map((line) => `  | ${line}`).join('\n')}` : ''),
    ({ others, log }) =>
      others.length
        ? `It ignores PORT: write {port} where the command takes the port, for example "vite --port {port} --strictPort". The whole log is ${log}`
        : `Give it longer with --timeout, or look into the log: ${log}`,
  ),
  'spawn-failed': row<{ command: string; why: string }>(
    'outside',
    ({ command, why }) => `${quote(command)} could not be started: ${why}`,
    () => 'Check the command and the folder it is started in.',
  ),
  'not-running': row<{ service: string }>(
    'refused',
    ({ service }) => `${service} has no run of ours`,
    ({ service }) => `Start it with: ports start "${service}"`,
  ),
  'no-log': row<{ service: string }>(
    'refused',
    ({ service }) => `${service} was never started by us, so there is no log`,
    ({ service }) => `Start it with: ports start "${service}"`,
  ),
  'file-missing': row<{ path: string }>(
    'invalid',
    ({ path }) => `there is no file ${quote(path)}`,
    () => 'Check the path.',
  ),
  'file-unreadable': row<{ path: string; why: string }>(
    'outside',
    ({ path, why }) => `${path} cannot be read: ${why}`,
    () => 'Check its permissions.',
  ),
  'file-unwritable': row<{ path: string; why: string }>(
    'outside',
    ({ path, why }) => `${path} cannot be written: ${why}`,
    () => 'Check the folder and its permissions, and whether the disk is full.',
  ),
  'document-unusable': row<{ path: string; why: string }>(
    'invalid',
    ({ path, why }) => `${path} holds no port table: ${why}`,
    () => 'Give a Markdown file with a table such as: | Service | Port | Description |',
  ),
  'registry-invalid': row<{ path: string; why: string }>(
    'invalid',
    ({ path, why }) => `${path} is not an exported registry: ${why}`,
    () => "'ports export --format json' writes the form, schema/registry.schema.json describes it.",
  ),
  'store-url-invalid': row<{ url: string; why: string }>(
    'invalid',
    ({ url, why }) => `${quote(url)} does not name a registry store: ${why}`,
    () =>
      'Use sqlite:///path/to/registry.db or etcd://host:2379,host:2379/prefix, or leave --store and IZA_PORTS_STORE away for the default.',
  ),
  interrupted: row<{ what: string; left: string }>(
    'interrupted',
    ({ what }) => `${what} was interrupted`,
    ({ left }) => left,
  ),
  unsupported: row<{ what: string; system: string }>(
    'outside',
    ({ what, system }) => `${what} does not work on ${system} yet`,
    () => 'Use it on Linux.',
  ),
} as const

export type ProblemCode = keyof typeof problems
export type ProblemFacts<Code extends ProblemCode> = Parameters<(typeof problems)[Code]['says']>[0]
