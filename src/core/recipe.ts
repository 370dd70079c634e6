import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { Problem } from './problem.ts'

/** How a service is started, kept up and ended on this machine. */
export interface Recipe {
  readonly service: string
  /** Where it is to listen when it is not registered yet; null leaves that to the registry. */
  readonly port: PortNumber | null
  /** For a shell; `{port}` and `{port of Another service}` are replaced, PORT is set. */
  readonly command: string
  readonly cwd: string
  /** Beside what whoever starts it has; ports are replaced as in the command. */
  readonly environment: Readonly<Record<string, string>>
  /** A dotenv file, read at every start; relative to `cwd`. What `environment` names outranks it. */
  readonly environmentFile: string | null
  /** Seconds that it may take until it is ready. */
  readonly within: number
  /** Null where listening is all that can be asked. */
  readonly health: HealthCheck | null
  readonly restart: RestartPolicy
  readonly stop: { readonly signal: StopSignal; readonly seconds: number }
  /** Services that have to be ready before. */
  readonly after: readonly string[]
  readonly tags: readonly string[]
  /** Bytes of memory that each process may take, null for no limit. */
  readonly memory: number | null
  /** Its socket listens before it starts and is handed to it, and is never given up in between: systemd's way, descriptor 3. */
  readonly handOver: boolean
  /** Who starts it: we ourselves, or the user's systemd as a transient unit. */
  readonly backend: Backend
}

export const backends = ['processes', 'systemd'] as const
export type Backend = (typeof backends)[number]

/**
 * When a service counts as ready, beyond that its own processes listen on its port, and what is asked again while it runs, every `every` seconds: `http`
 * asks for the path and wants an answer below 400, `command` runs it in a shell and wants exit code 0, `tcp` wants a connection.
 */
export type HealthCheck = { readonly every: number } & (
  | { readonly kind: 'tcp' }
  | { readonly kind: 'http'; readonly path: string }
  | { readonly kind: 'command'; readonly command: string }
)

export const restartPolicies = ['no', 'on-failure', 'always'] as const
export type RestartPolicy = (typeof restartPolicies)[number]

/** The signals that programs take as a wish to end, see signal(7). KILL is none: it is what comes after. */
export const stopSignals = ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2'] as const
export type StopSignal = (typeof stopSignals)[number]

/** A recipe of a command and nothing else said. */
export function plainRecipe(service: string, command: string, cwd: string): Recipe {
  return {
    service,
    port: null,
    command,
    cwd,
    environment: {},
    environmentFile: null,
    within: 30,
    health: null,
    restart: 'no',
    stop: { signal: 'TERM', seconds: 10 },
    after: [],
    tags: [],
    memory: null,
    handOver: false,
    backend: 'processes',
  }
}

/**
 * The services in waves: each waits for those before it, and all of one wave can start at the same moment. What is named in `after` comes along.
 * Throws `recipe-missing` for a service without a recipe and `start-cycle` where services wait for each other.
 */
export function startWaves(recipes: readonly Recipe[], wanted: readonly string[]): Recipe[][] {
  const known = new Map(recipes.map((recipe) => [nameKey(recipe.service), recipe]))
  const waves = new Map<Recipe, number>()
  const waveOf = (name: string, path: readonly string[]): number => {
    const recipe = known.get(nameKey(name))
    if (!recipe) throw new Problem('recipe-missing', { service: name, neededBy: path.at(-1) ?? null })
    const settled = waves.get(recipe)
    if (settled !== undefined) return settled
    const again = path.findIndex((one) => nameKey(one) === nameKey(name))
    if (again >= 0) throw new Problem('start-cycle', { services: [...path.slice(again), recipe.service] })
    const wave = Math.max(-1, ...recipe.after.map((other) => waveOf(other, [...path, recipe.service]))) + 1
    waves.set(recipe, wave)
    return wave
  }
  for (const name of wanted) waveOf(name, [])
  const result: Recipe[][] = []
  for (const [recipe, wave] of waves) (result[wave] ??= []).push(recipe)
  return result
}
