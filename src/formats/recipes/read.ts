import { isMap, isSeq } from 'yaml'
import type { Node } from 'yaml'
import { parseName } from '../../core/name.ts'
import { parsePort } from '../../core/port.ts'
import { backends, plainRecipe, restartPolicies, stopSignals } from '../../core/recipe.ts'
import type { HealthCheck, Recipe } from '../../core/recipe.ts'
import { bytesOf, secondsOf } from './quantity.ts'
import { YamlReader } from './reader.ts'

/** Where the file stands, and what `~` is. */
export interface RecipePlace {
  readonly path: string
  readonly folder: string
  readonly home: string | null
}

/** What a service may say, by Compose's words where Compose has one. */
export const recipeKeys = [
  'port',
  'command',
  'working_dir',
  'environment',
  'env_file',
  'start_period',
  'healthcheck',
  'restart',
  'stop_signal',
  'stop_grace_period',
  'depends_on',
  'tags',
  'mem_limit',
  'hand_over',
  'backend',
] as const

export type RecipeKey = (typeof recipeKeys)[number]

/** A recipe, and what of it stands in the file: the rest is what counts where nothing is said. */
export interface WrittenRecipe {
  readonly line: number
  readonly recipe: Recipe
  readonly keys: readonly RecipeKey[]
}

/** The recipes of a `services.yaml`. Throws `recipe-invalid` with line and column for whatever it does not understand. */
export function readRecipes(text: string, place: RecipePlace): Recipe[] {
  return readWrittenRecipes(text, place).map(({ recipe }) => recipe)
}

/** As `readRecipes`, with the lines of the services. */
export function readWrittenRecipes(text: string, place: RecipePlace): WrittenRecipe[] {
  const yaml = new YamlReader(text, place.path)
  const [services] = yaml.entries(yaml.root, 'the file', ['services'])
  if (!services) return []
  const names = new Set<string>()
  return yaml.entries(services[1], 'services').map(([written, node, at]) => {
    const service = parseName(written, 'service')
    if (names.has(service.toLowerCase())) throw yaml.refuse(at, `${service} stands here twice`)
    names.add(service.toLowerCase())
    return new RecipeReader(yaml, place, service).read(node, at)
  })
}

type Draft = { -readonly [Key in keyof Recipe]: Recipe[Key] }

class RecipeReader {
  readonly #yaml: YamlReader
  readonly #place: RecipePlace
  readonly #draft: Draft

  constructor(yaml: YamlReader, place: RecipePlace, service: string) {
    this.#yaml = yaml
    this.#place = place
    this.#draft = { ...plainRecipe(service, '', place.folder) }
  }

  read(node: Node | null, at: Node): WrittenRecipe {
    const keys: RecipeKey[] = []
    for (const [name, value] of this.#yaml.entries(node, this.#draft.service, recipeKeys)) {
      const key = recipeKeys.find((one) => one === name)
      if (!key) continue
      keys.push(key)
      this.#take(key, value)
    }
    if (this.#draft.command.trim() === '') throw this.#yaml.refuse(at, `${this.#draft.service} has no command`)
    return { line: this.#yaml.line(at), recipe: this.#draft, keys }
  }

  #take(key: RecipeKey, node: Node | null): void {
    const yaml = this.#yaml
    const draft = this.#draft
    switch (key) {
      case 'port':
        draft.port = yaml.value(node, 'port', 'a number from 1 to 65535', portOf)
        return
      case 'command':
        draft.command = isSeq(node) ? yaml.texts(node, key).map(quoted).join(' ') : yaml.text(node, key)
        return
      case 'working_dir':
        draft.cwd = this.#path(yaml.text(node, key))
        return
      case 'environment':
        draft.environment = this.#environment(node)
        return
      case 'env_file':
        draft.environmentFile = yaml.text(node, key)
        return
      case 'start_period':
        draft.within = this.#seconds(node, key)
        return
      case 'healthcheck':
        draft.health = this.#health(node)
        return
      case 'restart':
        draft.restart = yaml.value(node, key, restartPolicies.join(', '), (text) =>
          oneOf(restartPolicies, text === 'unless-stopped' ? 'always' : text === 'false' ? 'no' : text),
        )
        return
      case 'stop_signal':
        draft.stop = {
          ...draft.stop,
          signal: yaml.value(node, 'signal to end with', stopSignals.join(', '), (text) =>
            oneOf(stopSignals, text.toUpperCase().replace(/^SIG/, '')),
          ),
        }
        return
      case 'stop_grace_period':
        draft.stop = { ...draft.stop, seconds: this.#seconds(node, key) }
        return
      case 'depends_on':
        draft.after = isMap(node) ? yaml.entries(node, key).map(([name]) => name) : yaml.texts(node, key)
        return
      case 'tags':
        draft.tags = yaml.texts(node, key)
        return
      case 'mem_limit':
        draft.memory = yaml.value(node, 'size of memory', 'such as 512m or 2g, at least 1m', (text) => {
          const bytes = bytesOf(text)
          return bytes !== null && bytes >= leastMemory && bytes <= Number.MAX_SAFE_INTEGER ? bytes : null
        })
        return
      case 'hand_over':
        draft.handOver = yaml.value(node, key, 'true or false', (text) =>
          text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : null,
        )
        return
      case 'backend':
        draft.backend = yaml.value(node, key, backends.join(', '), (text) => oneOf(backends, text))
    }
  }

  #health(node: Node | null): HealthCheck | null {
    const yaml = this.#yaml
    const found = new Map(
      yaml.entries(node, 'healthcheck', ['http', 'tcp', 'command', 'interval']).map(([k, v]) => [k, v]),
    )
    const every = found.has('interval') ? this.#seconds(found.get('interval') ?? null, 'interval') : 30
    const kinds = [...found.keys()].filter((key) => key !== 'interval')
    if (kinds.length !== 1) throw yaml.refuse(node, 'healthcheck takes exactly one of http, tcp and command')
    const value = found.get(kinds[0] ?? '') ?? null
    if (kinds[0] === 'tcp') return { kind: 'tcp', every }
    if (kinds[0] === 'command') return { kind: 'command', command: yaml.text(value, 'command'), every }
    const path = yaml.value(value, 'path', 'one that begins with /', (text) => (/^\/[!-~]*$/.test(text) ? text : null))
    return { kind: 'http', path, every }
  }

  /** `{ KEY: value }`, or a list of `KEY=value`. */
  #environment(node: Node | null): Record<string, string> {
    const yaml = this.#yaml
    const entries = isSeq(node)
      ? node.items.map((item) => yaml.value(item as Node, 'variable', 'KEY=value', variableOf))
      : yaml.entries(node, 'environment').map(([key, value]): [string, string] => [key, yaml.text(value, key)])
    for (const [name] of entries)
      if (!/^[A-Za-z_]\w*$/.test(name)) throw yaml.refuse(node, `'${name}' is no name of a variable`)
    return Object.fromEntries(entries)
  }

  #seconds(node: Node | null, what: string): number {
    return this.#yaml.value(node, what, 'a time such as 30s or 1m30s, at most a day', (text) => {
      const seconds = secondsOf(text)
      return seconds !== null && seconds > 0 && seconds <= 86_400 ? seconds : null
    })
  }

  /** Relative to the file, so that a file can be moved with what it starts. */
  #path(text: string): string {
    const { folder, home } = this.#place
    if (text === '~' || text.startsWith('~/')) return `${home ?? '~'}${text.slice(1)}`
    return text.startsWith('/') ? text : `${folder}/${text.replace(/^(\.\/)+/, '')}`
  }
}

/** Below a megabyte no program starts at all. */
const leastMemory = 1024 * 1024

function portOf(text: string): Recipe['port'] {
  try {
    return parsePort(text)
  } catch {
    return null
  }
}

function oneOf<Word extends string>(words: readonly Word[], text: string): Word | null {
  return words.find((word) => word === text) ?? null
}

function variableOf(text: string): [string, string] | null {
  const at = text.indexOf('=')
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : null
}

/** One word of a command as a shell takes it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
