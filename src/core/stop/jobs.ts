import type { ProcessIdentity } from '../listener.ts'
import { ancestorsOf, treeOf } from '../process.ts'
import type { ProcessRow } from '../process.ts'

/** Why a holder is not ended. Only of a `forwarder` may a person say otherwise. */
export type Protected = 'init' | 'ourselves' | 'ancestor' | 'kernel' | 'forwarder'

/** The processes that a port hangs on. */
export interface Jobs {
  /** Whom to end: the holders, what started only them, and everything that these started. */
  readonly targets: readonly ProcessRow[]
  /** Holders that stay, so the port does. */
  readonly refused: readonly { readonly pid: number; readonly name: string; readonly why: Protected }[]
  /** Who stays and may start the service again: worth a second look after the port is free. */
  readonly restarters: readonly ProcessRow[]
}

/** Programs that only wait for the command that they started. Ending the command and leaving them would leave half of a job behind. */
const wrappers = new Set(
  'sh bash dash zsh fish ash busybox npm npx yarn pnpm pnpx bunx corepack make env timeout nohup setsid nice ionice stdbuf time sudo doas dotenv cross-env concurrently npm-run-all run-p run-s tini dumb-init'.split(
    ' ',
  ),
)
/** Programs that are wrappers only when they are told to run something: `bun run dev`, but not `bun agent.ts`. */
const runners: Readonly<Record<string, readonly string[]>> = {
  bun: ['run', 'x'],
  deno: ['task'],
  uv: ['run'],
  poetry: ['run'],
  pipenv: ['run'],
  rye: ['run'],
}
/** Programs that start their command again whenever it ends. Ended with the command when they belong to the same job. */
const restarters = new Set(
  'nodemon watchexec entr foreman honcho overmind forever node-dev ts-node-dev air reflex'.split(' '),
)
/** They hold a port for somebody else, whom ending them would cut off while the owner believes to be published. */
const forwarders = new Set(['docker-proxy', 'rootlessport'])

/**
 * Whom to end so that the holders give their ports up, and nobody else. `self` is our own pid; it, its ancestors, pid 1 and kernel threads are
 * never targets; nor is who forwards for a container, unless `forced`. `runs` names the sessions that belong entirely to a run of ours, with its service.
 */
export function jobsOf(
  table: readonly ProcessRow[],
  holders: readonly ProcessIdentity[],
  self: number,
  runs: ReadonlyMap<number, string> = new Map(),
  forced = false,
): Jobs {
  const rows = new Map(table.map((row) => [row.pid, row]))
  const kin = new Set([self, ...ancestorsOf(table, self)])
  const targets = new Map<number, ProcessRow>()
  const refused: Jobs['refused'][number][] = []
  const above = new Map<number, ProcessRow>()
  for (const { pid, start } of holders) {
    const row = rows.get(pid)
    // A holder that is gone since the look needs no end; the pid may be somebody else's by now.
    if (!row || row.start !== start) continue
    const why = protection(row, self, kin)
    if (why && !(forced && why === 'forwarder')) {
      refused.push({ pid, name: row.name, why })
      continue
    }
    const root = rootOf(row, rows, kin)
    for (const member of treeOf(table, root.pid)) targets.set(member.pid, member)
    const run = runs.get(row.session)
    if (run !== undefined)
      for (const member of table) if (runs.get(member.session) === run) targets.set(member.pid, member)
    const parent = rows.get(root.parent)
    if (parent && mayRestart(parent, kin, run !== undefined)) above.set(parent.pid, parent)
  }
  for (const pid of [1, ...kin]) targets.delete(pid)
  return {
    targets: [...targets.values()],
    refused,
    restarters: [...above.values()].filter(({ pid }) => !targets.has(pid)),
  }
}

/**
 * Whether a parent may start what is ended again. Pid 1 may, be it systemd or a container's own program, but not a run of ours, which it only inherited.
 * An ancestor of ours asked for the end, and a person's shell restarts nothing.
 */
function mayRestart(parent: ProcessRow, kin: ReadonlySet<number>, isRun: boolean): boolean {
  if (parent.pid === 1) return !isRun
  return !kin.has(parent.pid) && !isShellOfAPerson(parent)
}

function protection(row: ProcessRow, self: number, kin: ReadonlySet<number>): Protected | null {
  if (row.pid === 1) return 'init'
  if (row.pid === self) return 'ourselves'
  if (kin.has(row.pid)) return 'ancestor'
  if (row.kernel) return 'kernel'
  return forwarders.has(row.name) ? 'forwarder' : null
}

/**
 * The topmost wrapper of the job that the holder belongs to. Only wrappers of the same process group count: a shell starts every job of a
 * person in a group of its own, so the climb ends below the person's shell, and an editor or an agent above is no wrapper.
 */
function rootOf(holder: ProcessRow, rows: ReadonlyMap<number, ProcessRow>, kin: ReadonlySet<number>): ProcessRow {
  let root = holder
  for (;;) {
    const parent = rows.get(root.parent)
    if (!parent || parent.pid <= 1 || kin.has(parent.pid) || parent.group !== holder.group || !wraps(parent))
      return root
    root = parent
  }
}

/** A wrapper is known by its name, or, where an interpreter runs it, by the name of the script (`node /usr/bin/npm run dev`). */
function wraps(row: ProcessRow): boolean {
  if (isShellOfAPerson(row)) return false
  const [program = '', first = ''] = row.arguments
  const names = [row.name, program, first].map((word) => baseName(word).replace(/\.exe$|(-cli)?\.[cm]?js$/, ''))
  if (names.some((name) => wrappers.has(name) || restarters.has(name))) return true
  return names.slice(0, 2).some((name) => Object.hasOwn(runners, name) && runners[name]?.includes(first))
}

/** A shell that leads its session and has a terminal, or is called as a login shell: somebody sits there. */
function isShellOfAPerson(row: ProcessRow): boolean {
  return (
    /^(ba|da|z|fi|a|k)?sh$/.test(row.name) && row.arguments.length === 1 && (row.terminal || row.session === row.pid)
  )
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
