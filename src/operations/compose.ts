import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { explainStep } from '../core/compose-explain.ts'
import { planCompose, portAfter } from '../core/compose-plan.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { MapTree } from '../formats/compose/tree.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { dryRunInput } from './shapes.ts'
import type { World } from './world.ts'

/** Where Compose itself looks, in its order. */
const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']
const overrideFile = 'docker-compose.override.yml'
const standaloneFile = 'docker-compose.ports.yml'
/** How a file begins that we wrote: only such a one is written over. */
const ourHeader = /^#[^\n]*IZA Ports registry/

export type Compose = z.output<typeof output>
const output = z.object({
  project: z.string(),
  files: z.array(z.string()),
  steps: z.array(
    z.object({
      service: z.string(),
      action: z.enum(['keep', 'move', 'unregistered', 'ambiguous']),
      from: z.int().nullable(),
      to: z.int().nullable(),
      why: z.string(),
    }),
  ),
  clashes: z.array(z.object({ port: z.int(), protocol: z.string(), services: z.array(z.string()) })),
  /** What was written, or would be; null where nothing has to move or where a person has to decide first. */
  text: z.string().nullable(),
  file: z.string(),
  written: z.boolean(),
})

export const compose = operation({
  name: 'compose',
  summary: 'Writes the compose override that gives a project the ports of the registry, and only those.',
  effect: 'write',
  positional: ['files'],
  examples: ['ports compose', 'ports compose --dry-run', 'ports compose docker-compose.yml --standalone'],
  input: z.object({
    files: z
      .array(z.string())
      .default([])
      .describe("the project's files, as docker compose -f takes them; the usual ones where none is given"),
    standalone: z
      .boolean()
      .default(false)
      .describe('write one merged file, for a Compose older than 2.24.4 and for Compose 1'),
    dryRun: dryRunInput,
  }),
  output,
  isNo: ({ steps, clashes }) => clashes.length > 0 || steps.some(({ action }) => action === 'ambiguous'),
  async run(world, { files: given, standalone, dryRun }, call) {
    const files = given.length ? given.map((file) => absolute(call, file)) : await usualFiles(world, call)
    const { readCompose } = await import('../formats/compose/read.ts')
    const read = (path: string): Promise<string | null> => textOf(world, path)
    const { project, merged } = await readCompose({
      files,
      directory: null,
      environment: call.environment,
      envFiles: [],
      profiles: [],
      name: null,
      read,
    })
    const plan = planCompose(project, await world.registry.read({ host: world.host }), world.host)
    const undecided = plan.clashes.length > 0 || plan.steps.some(({ action }) => action === 'ambiguous')
    const file = join(dirname(files[0] ?? call.cwd), standalone ? standaloneFile : overrideFile)
    const text = undecided ? null : await write(standalone, plan, merged)
    const before = await textOf(world, file)
    if (text !== null && before !== null && !ourHeader.test(before)) throw new Problem('file-not-ours', { path: file })
    const written = text !== null && text !== before && !dryRun
    if (written) await world.files.write(file, text)
    return {
      project: project.name,
      files: [...project.files],
      steps: plan.steps.map((step) => ({
        service: step.publish.service,
        action: step.action,
        from: step.publish.published,
        to: portAfter(step),
        why: explainStep(step),
      })),
      clashes: plan.clashes.map(({ port, protocol, services }) => ({ port, protocol, services: [...services] })),
      text,
      file,
      written,
    }
  },
})

async function write(
  standalone: boolean,
  plan: ReturnType<typeof planCompose>,
  merged: MapTree,
): Promise<string | null> {
  if (standalone) return (await import('../formats/compose/write-standalone.ts')).writeStandalone(merged, plan)
  return (await import('../formats/compose/write-override.ts')).writeOverride(plan)
}

/** The project's file as Compose finds it, and beside it an override that a person wrote. Ours is what is to be written, so it is not read. */
async function usualFiles(world: World, call: Call): Promise<string[]> {
  const main = await world.files.nearest(call.cwd, composeFiles)
  if (main === null) throw new Problem('compose-missing', { folder: call.cwd })
  const override = join(dirname(main), overrideFile)
  const text = await textOf(world, override)
  return text === null || ourHeader.test(text) ? [main] : [main, override]
}

function absolute(call: Call, path: string): string {
  return isAbsolute(path) ? path : join(call.cwd, path)
}

async function textOf(world: World, path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (isProblem(error, 'file-missing')) return null
    throw error
  }
}
