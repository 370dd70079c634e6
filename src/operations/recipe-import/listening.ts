import { frameworkPort } from '../../catalog/framework-ports.ts'
import { reachedBy, withPort } from '../../catalog/run-command.ts'
import type { Scripts } from '../../catalog/run-command.ts'
import { lastCommand } from '../../catalog/script-text.ts'
import type { Mention } from '../../core/mention.ts'
import type { PortNumber } from '../../core/port.ts'
import { readCommandMentions } from '../../formats/mentions/command.ts'

/** Where a shell command listens, as far as its text and the scripts that it runs tell. */
export interface Listening {
  /** The command, so written that it takes the port that it gets. */
  readonly command: string
  /** The port that it names itself. */
  readonly named: PortNumber | null
  /** Where it listens when nobody says a port. */
  readonly usual: PortNumber | null
  /** It listens on the port that it names whatever it is told: a script that it runs says so. */
  readonly fixed: boolean
  /** Something tells that it listens at all. */
  readonly serves: boolean
  /** The program with which it starts several others, each with a port of its own. */
  readonly several: string | null
}

/** Programs that start several others. */
const starters = new Set(
  'concurrently npm-run-all run-p run-s turbo nx lerna foreman overmind hivemind honcho wsrun'.split(' '),
)
const portVariable = /\$(?:PORT\b|\{PORT\b)/

/** `scripts` are those of the `package.json` beside the command. */
export function listeningOf(command: string, scripts: Scripts): Listening {
  const nothing = { command, named: null, usual: null, fixed: false, serves: false, several: null }
  const own = portsNamed(command)
  const [first] = own
  if (first) {
    if (first.by === 'fallback') return { ...nothing, usual: first.mention.port, serves: true }
    const { port } = first.mention
    if (first.by === 'variable') return { ...nothing, named: port, fixed: true, serves: true }
    const places = own.filter(({ by, mention }) => by === 'text' && mention.port === port).map(({ mention }) => mention)
    return { ...nothing, command: withoutDigits(command, places), named: port, serves: true }
  }
  const words = lastCommand(command)
  if (words === null) return { ...nothing, serves: portVariable.test(command) }
  const reached = reachedBy(words, scripts)
  const program = (reached.words?.[0] ?? '').split('/').at(-1) ?? ''
  const several = starters.has(program) ? program : null
  for (const { mention, by } of several === null ? reached.scripts.flatMap(portsNamed) : []) {
    if (by === 'fallback') return { ...nothing, usual: mention.port, serves: true }
    return { ...nothing, named: mention.port, fixed: true, serves: true }
  }
  const usual = reached.words === null ? null : frameworkPort(reached.words)
  const told = withPort(words, '{port}', scripts)
  const behind = told.kind === 'added' ? told.command.slice(words.length) : []
  // Only what stands at the end can be added to a text: the words before it may be quoted.
  const isAppended = told.kind === 'added' && words.every((word, index) => word === told.command[index])
  return {
    ...nothing,
    command: isAppended ? [command, ...behind].join(' ') : command,
    usual,
    serves:
      usual !== null || told.kind !== 'none' || [command, ...reached.scripts].some((text) => portVariable.test(text)),
    several,
  }
}

interface NamedPort {
  readonly mention: Mention
  /** `fallback`: of `PORT`, where that has no value. `variable`: the fallback of another one. */
  readonly by: 'text' | 'fallback' | 'variable'
}

/** The ports at which a text says that it listens: in digits, or where a variable has no value (`${PORT:-3000}`). */
function portsNamed(text: string): NamedPort[] {
  return readCommandMentions(text, 0, []).flatMap((mention): NamedPort[] => {
    if (mention.side !== 'listens' || mention.protocol !== 'tcp') return []
    const variable = mention.names.find(({ by }) => by === 'variable')?.text
    const isFallback = /\$\{\w+:?[-=]$/.test(text.slice(0, mention.start))
    if (isFallback) return [{ mention, by: variable === 'PORT' ? 'fallback' : 'variable' }]
    return variable === undefined || variable === 'PORT' ? [{ mention, by: 'text' }] : []
  })
}

function withoutDigits(text: string, places: readonly Mention[]): string {
  let result = text
  for (const { start, end } of places.toReversed()) result = `${result.slice(0, start)}{port}${result.slice(end)}`
  return result
}
