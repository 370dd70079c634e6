import { z } from 'zod'
import { nameKey } from '../core/name.ts'
import { restartPolicies } from '../core/recipe.ts'
import type { Run } from '../core/run.ts'
import { operation } from './operation.ts'
import { readRecipeFile } from './recipes.ts'
import { membersOf } from './runs.ts'

export type Ps = z.output<typeof output>
const output = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      port: z.int().nullable(),
      state: z.enum(['running', 'ended', 'never-started']),
      /** Whether it is to be up. */
      wanted: z.boolean(),
      /** Its policy where it has a recipe. */
      restart: z.enum(restartPolicies).nullable(),
      pids: z.array(z.int()),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      code: z.int().nullable(),
      signal: z.string().nullable(),
      command: z.string(),
      log: z.string().nullable(),
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
    const [recipes, runs, wanted, table] = await Promise.all([
      readRecipeFile(world, call),
      world.journal.runs({}),
      world.journal.wanted(),
      world.machine.processes(),
    ])
    const { boot } = world.machine.self()
    const newest = new Map<string, Run>()
    for (const run of runs) if (!newest.has(nameKey(run.service))) newest.set(nameKey(run.service), run)
    const isWanted = new Set(wanted.map(nameKey))
    const names = new Map([...recipes, ...newest.values()].map(({ service }) => [nameKey(service), service]))
    return {
      services: [...names].map(([key, service]) => {
        const run = newest.get(key)
        const recipe = recipes.find((one) => nameKey(one.service) === key)
        const alive = run && run.endedAt === null && run.process.boot === boot ? membersOf(run, table) : []
        return {
          service,
          port: run?.port ?? recipe?.port ?? null,
          state: alive.length ? 'running' : run ? 'ended' : 'never-started',
          wanted: isWanted.has(key),
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
    }
  },
})
