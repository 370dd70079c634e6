import { Command, CommanderError, Option } from 'commander'
import { z } from 'zod'
import { Problem } from '../core/problem.ts'
import type { Operation } from '../operations/operation.ts'

export interface Arguments {
  readonly input: Record<string, unknown>
  readonly json: boolean
  readonly store: string | undefined
  readonly follow: boolean
}

/** One key of an operation's input as a person types it. */
export interface Parameter {
  readonly key: string
  readonly description: string
  readonly kind: 'flag' | 'value' | 'values'
  readonly required: boolean
  readonly preset: unknown
}

/** The keys of an operation's input, read from its schema. */
export function parametersOf(operation: Operation): Parameter[] {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const { type, description, default: preset } = typeof property === 'object' ? property : {}
    const kind = type === 'boolean' ? 'flag' : type === 'array' ? 'values' : 'value'
    const required = schema.required?.includes(key) ?? false
    return { key, description: description ?? '', kind, required, preset }
  })
}

/** What the words give the operation. Throws `argument-invalid`, and what the input's own checks throw. */
export function readArguments(operation: Operation, words: readonly string[]): Arguments {
  const refuse = (argument: string, why: string): Problem =>
    new Problem('argument-invalid', { argument, why, command: operation.name })
  const parameters = parametersOf(operation)
  const command = new Command(operation.name).exitOverride().helpOption(false)
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} })
  const positional = operation.positional.flatMap((key) => parameters.filter((parameter) => parameter.key === key))
  for (const { key, required, kind } of positional) {
    const name = kind === 'values' ? `${key}...` : key
    command.argument(required ? `<${name}>` : `[${name}]`)
  }
  for (const { key, kind } of parameters.filter((parameter) => !positional.includes(parameter))) {
    const option = new Option(kind === 'flag' ? `--${kebab(key)}` : `--${kebab(key)} <value>`)
    // Said several times, it is several values.
    command.addOption(kind === 'values' ? option.argParser(gather) : option)
  }
  command.option('--json').option('--store <url>')
  if (operation.name === 'logs') command.option('-f, --follow')
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw refuse(...wordsOf(error))
    throw error
  }
  const { json, store, follow, ...options } = command.opts<
    Record<string, unknown> & { json?: boolean; store?: string; follow?: boolean }
  >()
  const placed = positional.flatMap(({ key }, index): [string, unknown][] => {
    const value: unknown = command.processedArgs[index]
    return value === undefined ? [] : [[key, value]]
  })
  const checked = operation.input.strict().safeParse({ ...options, ...Object.fromEntries(placed) })
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw refuse(issue?.path.join('.') || operation.name, issue?.message ?? 'it is not what is expected')
  }
  return { input: checked.data, json: json ?? false, store, follow: follow ?? false }
}

function gather(value: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? before.map(String) : []), value]
}

/** Commander's sentence without its "error:", split into what it is about and what is wrong with it. */
function wordsOf(error: CommanderError): [string, string] {
  const about = /'([^']*)'/.exec(error.message)?.[1] ?? 'the arguments'
  return [about, error.message.replace(/^error: /, '')]
}

export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
