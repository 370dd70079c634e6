import { portGiven, portTakerOf } from './port-flags.ts'
import type { PortTaker, PortWord } from './port-flags.ts'
import { lastCommand } from './script-text.ts'

/** `package.json`'s scripts, by name. */
export type Scripts = Readonly<Record<string, string>>

/** What a command needs beside `PORT` to listen on its port. */
export type PortWords =
  /** `command` is what to run; `words` were added for `program`. */
  | {
      readonly kind: 'added'
      readonly program: string
      readonly words: readonly string[]
      readonly command: readonly string[]
    }
  /** The command chooses a port itself, by `word`, and it is not ours to overrule. */
  | { readonly kind: 'fixed'; readonly program: string; readonly word: string }
  | { readonly kind: 'none' }

/** Scripts may run scripts; a circle of them ends here. */
const deepest = 5

/**
 * The command with the words that its program needs to listen on the port. It looks through what only starts something else (`npx`, `python -m`, `uv run`)
 * and into the scripts of `package.json`. What it does not know stays as it is: an unknown program gets `PORT` and nothing else.
 */
export function withPort(command: readonly string[], port: PortWord, scripts: Scripts): PortWords {
  const found = needOf(command, scripts, 0)
  if (found === null) return { kind: 'none' }
  const { taker, own, between } = found
  const word = portGiven(taker, own)
  if (word !== null) return { kind: 'fixed', program: taker.program, word }
  const words = taker.add(port)
  const end = found.direct ? command.indexOf('--', command.length - own.length) : -1
  const at = end < 0 ? command.length : end
  const complete = [...command.slice(0, at), ...between, ...words, ...command.slice(at)]
  return { kind: 'added', program: taker.program, words, command: complete }
}

/** What a command comes to in the end. */
export interface Reached {
  /** The words of the program that finally runs; null where a script is more than words, or is not there. */
  readonly words: readonly string[] | null
  /** The scripts on the way, the first one first. */
  readonly scripts: readonly string[]
}

/** Follows a command through what only starts another one, and through the scripts of `package.json`. */
export function reachedBy(command: readonly string[], scripts: Scripts): Reached {
  const texts: string[] = []
  for (let words = innermost(command); ;) {
    const [first = '', ...rest] = words
    const script = scriptOf(baseName(first), rest)
    if (script === null) return { words, scripts: texts }
    const text = texts.length < deepest && Object.hasOwn(scripts, script.name) ? scripts[script.name] : undefined
    const last = text === undefined ? null : lastCommand(text)
    if (text !== undefined) texts.push(text)
    if (last === null) return { words: null, scripts: texts }
    words = innermost([...last, ...script.passed])
  }
}

interface Need {
  readonly taker: PortTaker
  /** The arguments of the program itself. */
  readonly own: readonly string[]
  /** What has to stand before the added words so that they reach the program: npm keeps what stands before `--` for itself. */
  readonly between: readonly string[]
  /** Whether the command itself is the program's, and no script stands in between. */
  readonly direct: boolean
}

function needOf(command: readonly string[], scripts: Scripts, depth: number): Need | null {
  const words = innermost(command)
  const [first = '', ...rest] = words
  const program = baseName(first)
  const script = scriptOf(program, rest)
  if (script !== null) {
    const text = depth < deepest && Object.hasOwn(scripts, script.name) ? scripts[script.name] : undefined
    const last = text === undefined ? null : lastCommand(text)
    // What stands behind the script's name goes to the same program as what we add.
    const inner = last && needOf([...last, ...script.passed], scripts, depth + 1)
    if (!inner || (inner.direct && inner.own.includes('--'))) return null
    return { ...inner, between: [...(script.needsDashes ? ['--'] : []), ...inner.between], direct: false }
  }
  const taker = portTakerOf(program, rest)
  return taker && { taker, own: rest, between: [], direct: true }
}

/** The script that a package manager is asked to run, null where it is asked for something else. Options before the name may lead to another `package.json`. */
function scriptOf(
  program: string,
  words: readonly string[],
): { name: string; passed: readonly string[]; needsDashes: boolean } | null {
  const [verb = '', ...rest] = words
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(program) || verb.startsWith('-')) return null
  const runs = verb === 'run' || (program === 'npm' && verb === 'run-script')
  if (program === 'npm' && !runs && !['start', 'test'].includes(verb)) return null
  const name = runs ? rest[0] : verb
  const behind = runs ? rest.slice(1) : rest
  if (name === undefined || name.startsWith('-')) return null
  const dashes = behind.indexOf('--')
  // npm takes the first `--` away and needs it; the others pass on whatever they get, dashes included.
  if (program === 'npm') return { name, passed: dashes < 0 ? [] : behind.slice(dashes + 1), needsDashes: dashes < 0 }
  return { name, passed: behind, needsDashes: false }
}

/** The command without what only starts another one. */
function innermost(command: readonly string[]): readonly string[] {
  const [first = '', second = '', third = '', ...rest] = command
  const program = baseName(first)
  const behind = command.slice(1)
  if (/^[A-Za-z_]\w*=/.test(first) || ['env', 'cross-env', 'exec', 'npx', 'bunx', 'time'].includes(program)) {
    return behind.length && !second.startsWith('-') ? innermost(behind) : command
  }
  if (/^python[\d.]*$/.test(program)) {
    if (second === '-m') return innermost([third, ...rest])
    return second.endsWith('.py') ? [second, ...command.slice(2)] : command
  }
  const starter = `${program} ${second}`
  const known = [
    'npm exec',
    'pnpm exec',
    'pnpm dlx',
    'yarn exec',
    'yarn dlx',
    'bun x',
    'uv run',
    'poetry run',
    'pipenv run',
  ]
  if (!known.includes(starter)) return command
  const inner = command.slice(third === '--' ? 3 : 2)
  return inner[0]?.startsWith('-') ? command : innermost(inner)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
