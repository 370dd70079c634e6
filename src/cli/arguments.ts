import * as z from '../formats/zod.ts'
import { Problem } from '../core/problem.ts'
import { nearest } from '../core/text.ts'
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
  return Object.entries(operation.input.shape).map(([key, schema]) => ({ key, ...traitsOf(schema) }))
}

/** What the schema says itself or, where it only wraps another one, what that one says. */
function traitsOf(schema: unknown): Omit<Parameter, 'key'> {
  if (!(schema instanceof z.ZodMiniType)) return { description: '', kind: 'value', required: true, preset: undefined }
  const { def } = schema
  const inner = traitsOf('innerType' in def ? def.innerType : 'in' in def ? def.in : undefined)
  return {
    description: z.globalRegistry.get(schema)?.description ?? inner.description,
    kind: def.type === 'boolean' ? 'flag' : def.type === 'array' ? 'values' : inner.kind,
    required: def.type !== 'optional' && def.type !== 'default' && inner.required,
    preset: 'defaultValue' in def ? def.defaultValue : inner.preset,
  }
}

/** What the words give the operation. Throws `argument-invalid`, and what the input's own checks throw. */
export function readArguments(operation: Operation, words: readonly string[]): Arguments {
  const refuse: Refuse = (argument, why) => new Problem('argument-invalid', { argument, why, command: operation.name })
  const parameters = parametersOf(operation)
  const positional = operation.positional.flatMap((key) => parameters.filter((parameter) => parameter.key === key))
  const named = parameters.filter((parameter) => !positional.includes(parameter))
  const kinds = new Map<string, Parameter['kind']>(named.map(({ key, kind }) => [`--${kebab(key)}`, kind]))
  kinds.set('--json', 'flag').set('--store', 'value')
  if (operation.name === 'logs') kinds.set('--follow', 'flag').set('-f', 'flag')
  const { said, placed } = partWords(words, kinds, refuse)
  const valueOf = (option: string, kind: Parameter['kind']): unknown => {
    const values = said.get(option)
    return kind === 'flag' ? values && true : kind === 'values' ? values : values?.at(-1)
  }
  const input = [
    ...named.map(({ key, kind }) => [key, valueOf(`--${kebab(key)}`, kind)] as const),
    ...placeWords(placed, positional, refuse),
  ].filter(([, value]) => value !== undefined)
  const checked = z.catchall(operation.input, z.never()).safeParse(Object.fromEntries(input))
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw refuse(issue?.path.join('.') || operation.name, issue?.message ?? 'it is not what is expected')
  }
  const follow = said.has('--follow') || said.has('-f')
  return { input: checked.data, json: said.has('--json'), store: said.get('--store')?.at(-1), follow }
}

type Refuse = (argument: string, why: string) => Problem

/**
 * The values of each option as often as it was said, and the words that stand by their place. A value stands behind `=` or is the next word, whatever that looks
 * like; behind `--` nothing is an option any more, and `-` and `-1` never are.
 */
function partWords(
  words: readonly string[],
  kinds: ReadonlyMap<string, Parameter['kind']>,
  refuse: Refuse,
): { said: Map<string, string[]>; placed: string[] } {
  const said = new Map<string, string[]>()
  const placed: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--') return { said, placed: [...placed, ...words.slice(index + 1)] }
    if (!/^-[^\d]/.test(word)) {
      placed.push(word)
      continue
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const option = equals < 0 ? word : word.slice(0, equals)
    const kind = kinds.get(option)
    if (kind === undefined) {
      const meant = nearest(option, [...kinds.keys()])
      throw refuse(option, `unknown option${meant === null ? '' : `, did you mean ${meant}?`}`)
    }
    if (kind === 'flag' && equals >= 0) throw refuse(option, 'it takes no value')
    const value = kind === 'flag' ? '' : equals < 0 ? words[++index] : word.slice(equals + 1)
    if (value === undefined) throw refuse(option, 'its value is missing')
    said.set(option, [...(said.get(option) ?? []), value])
  }
  return { said, placed }
}

function placeWords(
  placed: readonly string[],
  positional: readonly Parameter[],
  refuse: Refuse,
): (readonly [string, unknown])[] {
  const missing = positional.find(({ required }, index) => required && index >= placed.length)
  if (missing) throw refuse(missing.key, 'missing required argument')
  const takesRest = positional.at(-1)?.kind === 'values'
  if (placed.length > positional.length && !takesRest)
    throw refuse('the arguments', `too many, ${positional.length} expected and ${placed.length} given`)
  return positional.map(({ key, kind }, index) => {
    const rest = placed.slice(index)
    return [key, kind === 'values' ? (rest.length ? rest : undefined) : rest[0]] as const
  })
}

export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
