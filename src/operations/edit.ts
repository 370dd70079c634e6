import { dirname, resolve } from 'node:path'
import * as z from '../formats/zod.ts'
import { nameKey, parseName, withoutMark } from '../core/name.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { backends, restartPolicies, stopSignals } from '../core/recipe.ts'
import type { Recipe } from '../core/recipe.ts'
import { whatLacks } from '../core/recipe-lacks.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { ownRecipes } from './recipes.ts'
import { dryRunInput } from './shapes.ts'
import type { World } from './world.ts'

export type Edited = z.output<typeof output>
const output = z.object({
  service: z.string(),
  file: z.string(),
  changed: z.boolean(),
  /** The whole recipe as it is now. */
  recipe: z.record(z.string(), z.unknown()),
  /** The same in the words of the file, with what counts where it says nothing. */
  entries: z.record(z.string(), z.unknown()),
})

/** The options beside what they are called in the file. */
const keys = {
  command: 'command',
  port: 'port',
  cwd: 'working_dir',
  envFile: 'env_file',
  startPeriod: 'start_period',
  restart: 'restart',
  stopSignal: 'stop_signal',
  stopTimeout: 'stop_grace_period',
  memory: 'mem_limit',
  handOver: 'hand_over',
  backend: 'backend',
} as const

export const edit = operation({
  name: 'edit',
  summary: 'Says how a service is started, kept up and ended on this machine; an empty value takes a setting away.',
  effect: 'write',
  positional: ['name'],
  examples: [
    'ports edit Grafana --command "grafana server --port {port}" --restart on-failure',
    'ports edit Web --after PostgreSQL,Redis --health http:/health --env NODE_ENV=production',
    'ports edit Web --restart "" --dry-run',
  ],
  input: z.object({
    name: z.string().check(z.describe('the service')),
    command: z
      .optional(z.string())
      .check(z.describe('the shell command that starts it; {port} is replaced and PORT set')),
    port: z.optional(z.string()).check(z.describe('where it listens, for one that is not registered yet')),
    cwd: z.optional(z.string()).check(z.describe('the folder that it is started in')),
    env: z.optional(z.string()).check(z.describe('variables, several with commas between: KEY=value,OTHER=value')),
    envFile: z.optional(z.string()).check(z.describe('a dotenv file that is read at every start')),
    startPeriod: z.optional(z.string()).check(z.describe('how long it may take until it is ready: 30s, 1m30s')),
    health: z.optional(z.string()).check(z.describe('how to ask whether it is well: tcp, http:/path or command:WORDS')),
    interval: z.optional(z.string()).check(z.describe('how often it is asked while it runs: 30s')),
    restart: z.optional(z.string()).check(z.describe(`when it comes back: ${restartPolicies.join(', ')}`)),
    stopSignal: z.optional(z.string()).check(z.describe(`how it is asked to end: ${stopSignals.join(', ')}`)),
    stopTimeout: z.optional(z.string()).check(z.describe('how long it may take to end before it is forced: 10s')),
    after: z.optional(z.string()).check(z.describe('services that have to be ready before, with commas between')),
    tags: z.optional(z.string()).check(z.describe('words to start and end it by, with commas between')),
    memory: z.optional(z.string()).check(z.describe('the most memory that each of its processes may write to: 512m')),
    backend: z
      .optional(z.string())
      .check(z.describe(`who starts it: ${backends.join(', ')} (a transient unit of the user's systemd)`)),
    handOver: z
      .optional(z.string())
      .check(z.describe('whether its socket listens before it starts and stays while it is restarted: yes or no')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { name, dryRun, ...input }, call) {
    const service = parseName(withoutMark(name).name, 'service')
    const file = world.files.services
    const text = await ownRecipes(world)
    const [{ editRecipe, healthEntry }, { readRecipes }, { entriesOf }] = await Promise.all([
      import('../formats/recipes/write.ts'),
      import('../formats/recipes/read.ts'),
      import('../formats/recipes/says.ts'),
    ])
    const place = { path: file, folder: dirname(file), home: call.environment.HOME ?? null }
    const recipeIn = (content: string): Recipe | undefined =>
      readRecipes(content, place).find((recipe) => nameKey(recipe.service) === nameKey(service))
    const known = recipeIn(text)
    if (!known && Object.values(input).every((value) => value === undefined))
      throw new Problem('recipe-missing', { service, neededBy: null })
    const after = editRecipe(text, service, {
      ...plainEdits(input),
      ...folderEdit(input.cwd, known, call),
      ...listEdits(input),
      ...healthEdit(service, input, known?.health ? healthEntry(known.health) : null),
    })
    const recipe = await readable(service, () => recipeIn(after))
    if (input.command) await refuseBrokenCommand(world, call, service, input.command)
    if (input.cwd && (await world.files.stamp(recipe.cwd)) === null) call.warn?.(`there is no folder ${recipe.cwd} yet`)
    for (const why of await whatIsMissing(world, readRecipes(after, place), recipe))
      call.warn?.(`${recipe.service} cannot start yet: ${why}`)
    const changed = after !== text
    if (changed && !dryRun) await world.files.write(file, after)
    const entries = { ...(recipe.port !== null && { port: recipe.port }), ...entriesOf(recipe) }
    return { service: recipe.service, file, changed, recipe: { ...recipe }, entries }
  },
})

/** What has to be done beside this before it can be started. A registry that cannot be asked now is no reason to keep nothing. */
async function whatIsMissing(world: World, all: readonly Recipe[], { service, port }: Recipe): Promise<string[]> {
  const registry = await world.registry.read({ host: world.host }).catch((error: unknown) => {
    if (isProblem(error)) return null
    throw error
  })
  const promised = new Set((registry?.allocations ?? []).map((one) => nameKey(one.service)))
  const lacks = whatLacks(all, [service], promised).map(({ why }) => why)
  if (!registry) return []
  const isPlaced = port !== null || promised.has(nameKey(service))
  return isPlaced ? lacks : [...lacks, `it has no port: ports edit "${service}" --port PORT`]
}

/** What is wrong is told of what was asked for: the line where it would stand is nowhere yet. Throws `recipe-edit-invalid`. */
async function readable(service: string, read: () => Recipe | undefined): Promise<Recipe> {
  try {
    const recipe = read()
    if (recipe) return recipe
  } catch (error) {
    if (!isProblem(error, 'recipe-invalid')) throw error
    throw new Problem('recipe-edit-invalid', { service, why: error.facts.why })
  }
  throw new Problem('recipe-missing', { service, neededBy: null })
}

/** Asks the shell that will run it, which only reads it: quotes that are not closed are told now and not at the next start. */
async function refuseBrokenCommand(world: World, call: Call, service: string, command: string): Promise<void> {
  const { environment, signal } = call
  const question = {
    command: ['/bin/sh', '-n', '-c', command],
    cwd: '/',
    environment,
    input: undefined,
    within: 5000,
  } as const
  const answer = await world.machine.answer({ ...question, signal })
  if (answer === null || answer.code === null || answer.code === 0) return
  const said =
    answer.said
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^\S*sh: \S*\d+: /, '') ?? ''
  throw new Problem('recipe-edit-invalid', { service, why: `the shell does not understand its command: ${said}` })
}

/** A folder of a person is told from where they stand. A command of theirs belongs there too, unless they say another. */
function folderEdit(cwd: string | undefined, known: Recipe | undefined, call: Call): { working_dir?: string } {
  if (cwd === '' || (cwd === undefined && known)) return {}
  return { working_dir: resolve(call.cwd, cwd ?? '') }
}

type Input = Readonly<Record<string, string | undefined>>

function plainEdits(input: Input): Record<string, string | number | null> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([option, key]): [string, string | number | null][] => {
      const value = input[option]
      if (value === undefined) return []
      return [[key, value === '' ? null : key === 'port' && /^\d+$/.test(value) ? Number(value) : value]]
    }),
  )
}

function listEdits({ after, tags, env }: Input): Record<string, string[] | null> {
  const lists = { depends_on: after, tags, environment: env }
  return Object.fromEntries(
    Object.entries(lists).flatMap(([key, value]): [string, string[] | null][] => {
      if (value === undefined) return []
      const words = value.split(',').map((word) => word.trim())
      return [[key, value.trim() === '' ? null : words.filter(Boolean)]]
    }),
  )
}

/** `present` is the check that is kept now: an interval alone is one for it. */
function healthEdit(
  service: string,
  { health, interval }: Input,
  present: Record<string, unknown> | null,
): { healthcheck?: Record<string, unknown> | null } {
  if (health === '') return { healthcheck: null }
  if (health === undefined && interval === undefined) return {}
  const every = interval === undefined || interval === '' ? {} : { interval }
  if (health === undefined) {
    if (!present) throw new Problem('recipe-edit-invalid', { service, why: 'an interval needs a health check' })
    const { interval: _before, ...check } = present
    return { healthcheck: { ...check, ...every } }
  }
  const [, kind = health, rest = ''] = /^(http|command):(.*)$/s.exec(health) ?? []
  return { healthcheck: { ...(kind === 'tcp' ? { tcp: true } : { [kind]: rest }), ...every } }
}
