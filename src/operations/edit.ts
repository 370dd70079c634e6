import { dirname } from 'node:path'
import { z } from 'zod'
import { nameKey, parseName, withoutMark } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import { restartPolicies, stopSignals } from '../core/recipe.ts'
import { operation } from './operation.ts'
import { ownRecipes } from './recipes.ts'
import { dryRunInput } from './shapes.ts'

export type Edited = z.output<typeof output>
const output = z.object({
  service: z.string(),
  file: z.string(),
  changed: z.boolean(),
  /** The whole recipe as it is now. */
  recipe: z.record(z.string(), z.unknown()),
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
    name: z.string().describe('the service'),
    command: z.string().optional().describe('the shell command that starts it; {port} is replaced and PORT set'),
    port: z.string().optional().describe('where it listens, for one that is not registered yet'),
    cwd: z.string().optional().describe('the folder that it is started in'),
    env: z.string().optional().describe('variables, several with commas between: KEY=value,OTHER=value'),
    envFile: z.string().optional().describe('a dotenv file that is read at every start'),
    startPeriod: z.string().optional().describe('how long it may take until it is ready: 30s, 1m30s'),
    health: z.string().optional().describe('how to ask whether it is well: tcp, http:/path or command:WORDS'),
    interval: z.string().optional().describe('how often it is asked while it runs: 30s'),
    restart: z
      .string()
      .optional()
      .describe(`when it comes back: ${restartPolicies.join(', ')}`),
    stopSignal: z
      .string()
      .optional()
      .describe(`how it is asked to end: ${stopSignals.join(', ')}`),
    stopTimeout: z.string().optional().describe('how long it may take to end before it is forced: 10s'),
    after: z.string().optional().describe('services that have to be ready before, with commas between'),
    tags: z.string().optional().describe('words to start and end it by, with commas between'),
    memory: z.string().optional().describe('the most memory that each of its processes may write to: 512m'),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { name, dryRun, ...input }, call) {
    const service = parseName(withoutMark(name).name, 'service')
    const file = world.files.services
    const text = await ownRecipes(world)
    const [{ editRecipe }, { readRecipes }] = await Promise.all([
      import('../formats/recipes/write.ts'),
      import('../formats/recipes/read.ts'),
    ])
    const place = { path: file, folder: dirname(file), home: call.environment.HOME ?? null }
    const known = readRecipes(text, place).some((recipe) => nameKey(recipe.service) === nameKey(service))
    // A command of a person belongs to the folder that they stand in, unless they say another.
    const home = known || input.cwd !== undefined ? {} : { working_dir: call.cwd }
    const after = editRecipe(text, service, {
      ...home,
      ...plainEdits(input),
      ...listEdits(input),
      ...healthEdit(input),
    })
    const recipe = readRecipes(after, place).find((one) => nameKey(one.service) === nameKey(service))
    if (!recipe) throw new Problem('recipe-missing', { service, neededBy: null })
    const changed = after !== text
    if (changed && !dryRun) await world.files.write(file, after)
    return { service: recipe.service, file, changed, recipe: { ...recipe } }
  },
})

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

function healthEdit({ health, interval }: Input): { healthcheck?: Record<string, unknown> | null } {
  if (health === undefined) return {}
  if (health === '') return { healthcheck: null }
  const [, kind = health, rest = ''] = /^(http|command):(.*)$/s.exec(health) ?? []
  const check = kind === 'tcp' ? { tcp: true } : { [kind]: rest }
  return { healthcheck: interval === undefined ? check : { ...check, interval } }
}
