import * as z from '../formats/zod.ts'
import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { backends, plainRecipe } from '../core/recipe.ts'
import type { Backend, Recipe } from '../core/recipe.ts'
import { nameKey, withoutMark } from '../core/name.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { warnOfAbsent } from './before-start.ts'
import { bringUp } from './launch.ts'
import { isKept } from './hand-over.ts'
import { promisePort, takeBack } from './promise-port.ts'
import { readRecipeFile } from './recipes.ts'
import { protocolInput } from './shapes.ts'
import type { World } from './world.ts'

export type StartedService = z.output<typeof output>
const output = z.object({
  service: z.string(),
  port: z.int(),
  protocol: z.enum(['tcp', 'udp']),
  outcome: z.enum(['started', 'already-running']),
  pid: z.int(),
  /** Addresses that it listens on. */
  addresses: z.array(z.string()),
  /** Milliseconds from the start of the command until its process tree listened; null where it ran already. */
  readyAfter: z.nullable(z.number()),
  log: z.string(),
  registered: z.boolean(),
})

export const start = operation({
  name: 'start',
  summary: 'Starts a service on its port, and waits until its own processes listen there.',
  effect: 'write',
  positional: ['name', 'port', 'command'],
  examples: [
    'ports start "Service Name" 3000 "npm run dev"',
    'ports start Docs 4000 "python3 -m http.server {port}"',
    'ports start Grafana',
  ],
  input: z.object({
    name: z.string().check(z.describe('the service; it is registered when it is new')),
    port: z
      .optional(
        z.pipe(
          z.union([z.string(), z.int()]),
          z.transform((given) => parsePort(String(given))),
        ),
      )
      .check(z.describe('its port; not needed when it is registered')),
    command: z
      .optional(z.string())
      .check(
        z.describe(
          'a shell command; PORT is set for it and {port} replaced. Its recipe or its last one where none is given',
        ),
      ),
    protocol: z.withDefault(protocolInput, 'tcp'),
    backend: z
      .optional(z.enum(backends))
      .check(z.describe('who starts it: processes of ours, or a transient unit of systemd')),
    handOver: z
      .withDefault(z.boolean(), false)
      .check(
        z.describe('listen on the port before it starts, hand it the socket, and keep that while it is restarted'),
      ),
    timeout: z
      .optional(z.coerce.number().check(z.gte(0.1), z.lte(3600)))
      .check(z.describe('seconds that it may take until it is ready')),
  }),
  output,
  async run(world, input, call) {
    const kept = await keptRecipe(world, input.name, call)
    const { service, port, registered } = await promisePort(world, { ...input, otherwise: kept?.port ?? null })
    try {
      const recipe = await recipeFor(world, service, port, kept, input, call)
      await warnOfAbsent(world, recipe, call)
      const started = await bringUp(world, { recipe, port, protocol: input.protocol }, call)
      await world.journal.want(service, true)
      return { ...started, registered }
    } catch (error) {
      // A deed that failed gives its promise back: a service that never ran is not left in the registry.
      if (registered) await takeBack(world, service)
      throw error
    }
  },
})

interface StartInput {
  readonly name: string
  readonly timeout?: number | undefined
  readonly port?: PortNumber | undefined
  readonly command?: string | undefined
  readonly protocol: 'tcp' | 'udp'
  readonly handOver: boolean
  readonly backend?: Backend | undefined
}

async function keptRecipe(world: World, name: string, call: Call): Promise<Recipe | undefined> {
  const key = nameKey(withoutMark(name).name)
  return (await readRecipeFile(world, call)).find((recipe) => nameKey(recipe.service) === key)
}

/** How to start it: as the call says, else by its recipe, else as it was started last. Throws `command-needed`. */
async function recipeFor(
  world: World,
  service: string,
  port: PortNumber,
  kept: Recipe | undefined,
  input: StartInput,
  call: Call,
): Promise<Recipe> {
  const within = input.timeout ?? kept?.within ?? 30
  // Without a recipe a socket that is kept is what is remembered of it.
  const handOver = input.handOver || (kept?.handOver ?? (await isKept(world, service)))
  const backend = input.backend ?? kept?.backend ?? 'processes'
  if (input.command !== undefined && input.command.trim() !== '')
    return {
      ...(kept ?? plainRecipe(service, '', '')),
      service,
      command: input.command,
      cwd: call.cwd,
      within,
      handOver,
      backend,
    }
  if (kept) return { ...kept, service, within, handOver, backend }
  const [last] = await world.journal.runs({ service })
  if (!last) throw new Problem('command-needed', { service, port })
  return { ...plainRecipe(service, last.command, last.cwd), within, handOver, backend }
}
