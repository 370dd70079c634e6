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
