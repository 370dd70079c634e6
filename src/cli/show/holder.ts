import { ago } from '../../core/process.ts'
import { shorten } from '../../core/text.ts'

interface ShownHolder {
  readonly pid: number
  readonly command: string
  readonly cwd: string | null
  readonly user: string | null
  readonly startedAt: string | null
}

/** One holder where one line has to do. Not made printable: `table` and `lines` do that. */
export function holderLine({ command, pid }: ShownHolder): string {
  return `${shorten(withoutFolder(command), 60)} (${pid})`
}

interface ShownBeyond {
  readonly unit: string | null
  readonly container: {
    readonly name: string
    readonly image: string
    readonly project: string | null
    readonly service: string | null
  } | null
  readonly holders: readonly ShownHolder[]
}

/** Who has it, in one line: the container before the proxy that listens for it, and the unit where no process is visible. */
export function holdersLine({ unit, container, holders }: ShownBeyond, user: string | null): string {
  if (container) return containerLine(container)
  if (holders.length) return holders.map(holderLine).join(', ')
  if (unit) return user === null ? unit : `${unit} (${user})`
  return user === null ? '' : `a process of ${user}, not visible to you`
}

/** `container shop-web-1 (service web of shop, nginx:1)`. */
export function containerLine({ name, image, project, service }: NonNullable<ShownBeyond['container']>): string {
  const composed = project && service ? `service ${service} of ${project}, ` : ''
  return `container ${name} (${composed}${image})`
}

/** What is said once of engines that gave no answer. */
export function engineLine({ socket, why }: { readonly socket: string; readonly why: string }): string {
  const reasons: Readonly<Record<string, string>> = {
    denied: 'may not be asked by you',
    timeout: 'gave no answer within half a second',
    garbage: 'gave an answer that no engine gives',
    down: 'is not running',
  }
  return `The container engine at ${socket} ${reasons[why] ?? why}: its containers are missing here.`
}

/** The command by the name of its program: where it lies is the longest and least telling part of it. */
function withoutFolder(command: string): string {
  const [program = '', ...words] = command.split(' ')
  return [program.slice(program.lastIndexOf('/') + 1) || program, ...words].join(' ')
}

/** One holder with all that is known. */
export function holderWords({ pid, command, cwd, user, startedAt }: ShownHolder): string {
  const facts = [`pid ${pid}`, user, cwd, startedAt && `started ${ago(Date.now() - Date.parse(startedAt))}`]
  return `${shorten(command, 200)} (${facts.filter(Boolean).join(', ')})`
}
