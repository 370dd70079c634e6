import * as z from '../formats/zod.ts'
import { nameKey } from '../core/name.ts'
import { restartPolicies } from '../core/recipe.ts'
import type { Run } from '../core/run.ts'
import { setbackPhases } from '../core/setback.ts'
import type { Setback } from '../core/setback.ts'
import { operation } from './operation.ts'
import { readRecipeFile } from './recipes.ts'
import { remaining } from './runs.ts'
import { supervisorOf } from './supervisor.ts'

export type Ps = z.output<typeof output>
const output = z.object({
  /** The pid of whoever keeps services up, null where nobody does. */
  supervisor: z.nullable(z.int()),
  services: z.array(
    z.object({
      service: z.string(),
      port: z.nullable(z.int()),
      state: z.enum(['running', 'ended', 'never-started']),
      /** Whether it is to be up. */
      wanted: z.boolean(),
      /** What the supervisor has to say of it where it is not simply up. */
      setback: z.nullable(z.object({ phase: z.enum(setbackPhases), ends: z.int(), why: z.string(), at: z.string() })),
      /** Its policy where it has a recipe. */
      restart: z.nullable(z.enum(restartPolicies)),
      pids: z.array(z.int()),
      startedAt: z.nullable(z.string()),
      endedAt: z.nullable(z.string()),
      code: z.nullable(z.int()),
      signal: z.nullable(z.string()),
      command: z.string(),
      log: z.nullable(z.string()),
    }),
  ),
})

export const ps = operation({
  name: 'ps',
  summary: 'Lists the services that we start: what runs, since when, how the last run ended, and who is to be up.',
  effect: 'read',
  positional: [],
  examples: ['ports ps', 'ports ps --json'],
  input: z.object({}),
  output,
  async run(world, _input, call) {
    const [recipes, runs, wanted, setbacks, table] = await Promise.all([
      readRecipeFile(world, call),
      world.journal.runs({}),
      world.journal.wanted(),
      world.journal.setbacks(),
      world.machine.processes(),
    ])
    const { boot } = world.machine.self()
    const newest = new Map<string, Run>()
    for (const run of runs) if (!newest.has(nameKey(run.service))) newest.set(nameKey(run.service), run)
    const isWanted = new Set(wanted.map(nameKey))
    const names = new Map([...recipes, ...newest.values()].map(({ service }) => [nameKey(service), service]))
    const supervisor = await supervisorOf(world)
    return {
      supervisor: supervisor?.pid ?? null,
      services: await Promise.all(
        [...names].map(async ([key, service]) => {
          const run = newest.get(key)
          const recipe = recipes.find((one) => nameKey(one.service) === key)
          const alive =
            run && run.endedAt === null && run.process.boot === boot ? await remaining(world, run, table) : []
          return {
            service,
            port: run?.port ?? recipe?.port ?? null,
            state: alive.length ? 'running' : run ? 'ended' : 'never-started',
            wanted: isWanted.has(key),
            setback: shown(setbacks.find((one) => nameKey(one.service) === key)),
            restart: recipe?.restart ?? null,
            pids: alive.map(({ pid }) => pid),
            startedAt: run?.startedAt ?? null,
            endedAt: run?.endedAt ?? null,
            code: run?.ending?.code ?? null,
            signal: run?.ending?.signal ?? null,
            command: recipe?.command ?? run?.command ?? '',
            log: run?.log ?? null,
          } as const
        }),
      ),
    }
  },
})

function shown(setback: Setback | undefined): Ps['services'][number]['setback'] {
  if (!setback) return null
  const { phase, ends, why, at } = setback
  return { phase, ends, why, at }
}
