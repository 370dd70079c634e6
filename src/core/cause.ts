import type { ProcessRow } from './process.ts'
import { shorten } from './text.ts'

/** What a process above a holder is to it. */
export const causeKinds = [
  'init',
  'service-manager',
  'container',
  'cron',
  'ssh',
  'terminal',
  'multiplexer',
  'login',
  'editor',
  'agent',
  'supervisor',
  'shell',
  'runner',
  'program',
] as const
type CauseKind = (typeof causeKinds)[number]

/** One link of the chain that led to a holder. */
export interface Cause {
  readonly kind: CauseKind
  /** The program, by its executable, or by its script where an interpreter runs it. */
  readonly name: string
  readonly pid: number
  readonly command: string
}

/** Programs by what they are to those below them, each by the names of its executable or script. */
const known: Readonly<Partial<Record<CauseKind, string>>> = {
  container: 'containerd-shim containerd-shim-runc-v2 containerd-shim-runc-v1 conmon dockerd containerd podman',
  cron: 'cron crond fcron anacron atd',
  ssh: 'sshd sshd-session dropbear mosh-server',
  terminal:
    'gnome-terminal-server gnome-terminal- ptyxis ptyxis-agent konsole xterm kitty alacritty wezterm wezterm-gui wezterm-mux-server ghostty foot xfce4-terminal tilix terminator urxvt st',
  multiplexer: 'tmux screen SCREEN zellij dtach abduco byobu',
  login: 'login su sudo doas runuser agetty gdm-session-worker sddm-helper',
  editor:
    'code code-insiders code-server codium cursor windsurf zed zed-editor vim nvim emacs hx sublime_text idea webstorm pycharm goland phpstorm rubymine rider clion rustrover fleet',
  agent: 'claude codex aider gemini opencode goose amp crush cursor-agent copilot droid qwen cline',
  supervisor:
    'pm2 supervisord runsv runsvdir s6-supervise s6-svscan nodemon watchexec entr foreman honcho overmind hivemind forever process-compose docker-compose pitchfork air tini dumb-init catatonit',
  shell: 'sh bash dash zsh fish ash ksh nu pwsh busybox',
  runner:
    'npm npx pnpm pnpx yarn bunx corepack turbo nx lerna make just task gradle gradlew mvn cargo go uv poetry pipenv rye hatch tox bundle rake foreman-runner env timeout nohup setsid concurrently npm-run-all',
}

const kindOf = new Map<string, CauseKind>(
  Object.entries(known).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as CauseKind] as const)),
)

const interpreters = /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby[\d.]*|perl[\d.]*|java)$/

/**
 * The chain of causes of a holder, the first cause first and the holder itself left out. `lineage` is the holder and those above it, nearest first. The kernel's
 * own threads tell nothing. Neighbours of one name and kind (a shell that a shell started with the same words, `tmux` below its server) are one link.
 */
export function causesOf(lineage: readonly ProcessRow[]): Cause[] {
  const causes: Cause[] = []
  for (const row of lineage.slice(1).toReversed()) {
    if (row.kernel) continue
    const cause = causeOf(row)
    const before = causes.at(-1)
    if (before?.kind === cause.kind && before.name === cause.name) causes.pop()
    causes.push(cause)
  }
  return causes
}

/**
 * Whether whoever started the holder has ended: pid 1 or the user's systemd has it and did not start it. What those start leads a session of its own, or stays in
 * theirs; and there it leads a group of its own, or stays in theirs. The group says it where a whole machine is one session, that of a pid 1 which opened none.
 * Where pid 1 is a shell that somebody types into, the members of a pipeline have a group of its first one, and the session alone counts.
 */
export function isOrphan([holder, parent]: readonly ProcessRow[]): boolean {
  if (!holder || !parent || (parent.pid !== 1 && programName(parent) !== 'systemd')) return false
  const { pid, session, group } = holder
  if (session !== parent.session) return session !== pid
  return group !== pid && group !== parent.group && !parent.terminal
}

function causeOf(row: ProcessRow): Cause {
  const name = programName(row)
  return { kind: kindFor(row, name), name, pid: row.pid, command: shorten(row.arguments.join(' ') || row.name, 500) }
}

function kindFor({ pid }: ProcessRow, name: string): CauseKind {
  if (name === 'systemd') return pid === 1 ? 'init' : 'service-manager'
  if (pid === 1) return kindOf.get(name) ?? 'init'
  return kindOf.get(name) ?? 'program'
}

/**
 * What people call the program: the executable, or where an interpreter runs it the script's name. A script that lies in a package and is called by a word that
 * every package uses (`cli.js`, `index.js`, `__main__.py`) has the package's name.
 */
export function programName({ name: given, arguments: words }: Pick<ProcessRow, 'name' | 'arguments'>): string {
  const name = given.replace(/\.exe$/, '')
  const title = baseName(words[0] ?? '').split(/[: ]/, 1)[0] ?? ''
  if (kindOf.has(name)) return name
  if (kindOf.has(title)) return title
  const script = interpreters.test(name) ? scriptOf(words) : null
  if (script === null) return name
  const parts = script.split('/')
  const last = (parts.pop() ?? '').replace(/(-cli)?\.([cm]?[jt]s|py|rb|pl|jar)$/, '')
  return anyone.test(last) ? (parts.filter((part) => !filler.test(part)).at(-1) ?? name) : last || name
}

const anyone = /^(cli|index|main|__main__|bin|start|run|server-main|bootstrap-fork)$/
const filler = /^(|\.|bin|dist|lib|src|out|build|\.bin|node_modules|cjs|esm)$/

/** The first word that is no option, or the module behind `-m`. Null where there is none, and where the program itself stands in the arguments. */
function scriptOf(words: readonly string[]): string | null {
  for (let index = 1; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '-m') return words[index + 1] ?? null
    if (word === '-e' || word === '-c' || word === '--eval' || word === '-p') return null
    if (word === 'run' || word === 'x') continue
    if (!word.startsWith('-')) return word
  }
  return null
}

function baseName(path: string): string {
  const word = path.split(' ', 1)[0] ?? ''
  return word.slice(word.lastIndexOf('/') + 1).replace(/^-/, '')
}
