import { nearest } from '../core/text.ts'
import { Problem } from '../core/problem.ts'
import { operations } from '../operations/index.ts'
import type { Logs } from '../operations/logs.ts'
import type { Call } from '../operations/operation.ts'
import { openWorld } from '../wiring.ts'
import { readArguments } from './arguments.ts'
import { confirmer } from './confirm.ts'
import { exitCodeOf, tellError } from './exit.ts'
import { followLogs } from './follow.ts'
import { helpOf, overview } from './help.ts'
import { startProgress } from './progress.ts'
import { show } from './show/index.ts'
import { screenOf, toJson, writeOut } from './terminal.ts'

/** The words of the user's own script, for the commands that they stand for. */
const otherNames: Readonly<Record<string, string>> = { start_service: 'start', kill_port: 'kill', ls: 'list' }

/** Runs one command line and gives its exit code. Nothing is thrown. */
export async function runProgram(words: readonly string[]): Promise<number> {
  const json = words.includes('--json')
  try {
    return await runCommand(words)
  } catch (error) {
    tellError(error, json)
    return exitCodeOf(error)
  }
}

async function runCommand(words: readonly string[]): Promise<number> {
  const asksHelp = words[0] === 'help' || words[0] === '--help' || words[0] === '-h'
  const given = asksHelp ? words.slice(1) : words
  if (asksHelp && given.length === 0) {
    writeOut(await overview(operations))
    return 0
  }
  const { name, rest } = commandOf(given)
  const load = own(operations, name)
  if (!load) throw unknownCommand(given)
  const operation = await load()
  const ours = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length)
  if (asksHelp || ours.includes('--help') || ours.includes('-h')) {
    writeOut(helpOf(operation))
    return 0
  }
  const { input, json, store, follow } = readArguments(operation, rest)
  const screen = screenOf(process.env)
  const world = await openWorld(process.env, store)
  const progress = startProgress(json)
  const signal = abortOnInterrupt()
  const confirm = confirmer(json, signal)
  const call: Call = {
    cwd: process.cwd(),
    environment: environmentNow(),
    signal,
    progress: progress.say,
    ...(confirm && {
      confirm: (text: string) => {
        progress.end()
        return confirm(text)
      },
    }),
    warn: progress.warn,
  }
  try {
    if (operation.name === 'watch') return await (await import('./watch/watch.ts')).watchPorts(world, input, call, json)
    if (operation.name === 'serve') return await (await import('./serve.ts')).serveServices(world, call, json)
    const output = await operation.run(world, input, call)
    progress.end()
    writeOut(json ? toJson(output) : show(operation.name, output, screen))
    if (follow) await followLogs(world, output as Logs, textOf(input.grep), screen, call.signal)
    return operation.exitCode?.(output) ?? (operation.isNo?.(output) ? 1 : 0)
  } finally {
    progress.end()
    await world.close()
  }
}

/** The command that the words begin with, two words before one: `range add` is not `range`. Options may stand before it. */
function commandOf(words: readonly string[]): { name: string; rest: string[] } {
  const at = words.findIndex((word, index) => !word.startsWith('-') && words[index - 1] !== '--store')
  if (at < 0) return { name: 'status', rest: [...words] }
  const before = words.slice(0, at)
  const [first = '', second = ''] = words.slice(at, at + 2)
  const pair = `${first} ${second}`
  if (own(operations, pair)) return { name: pair, rest: [...before, ...words.slice(at + 2)] }
  return { name: own(otherNames, first) ?? first, rest: [...before, ...words.slice(at + 1)] }
}

/** Names the word that is wrong: the second one where the first begins a command of two words. */
function unknownCommand(given: readonly string[]): Problem {
  const [first = '', second = ''] = given.filter((word) => !word.startsWith('-'))
  const names = Object.keys(operations)
  const word = names.some((name) => name.startsWith(`${first} `)) ? `${first} ${second}`.trim() : first
  return new Problem('command-unknown', { word, nearest: nearest(word, names) })
}

/** What the table itself holds: `constructor` is a word like any other. */
function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function environmentNow(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The first Ctrl-C asks the operation to end what it began; a second one ends us. */
function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}
