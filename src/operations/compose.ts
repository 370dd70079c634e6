import { join } from 'node:path'
import * as z from '../formats/zod.ts'
import { differencesFrom } from '../core/compose-agree.ts'
import { explainStep } from '../core/compose-explain.ts'
import { planCompose, portAfter } from '../core/compose-plan.ts'
import type { ComposePlan } from '../core/compose-plan.ts'
import { Problem } from '../core/problem.ts'
import { findProject, isOurs, projectInput, textOf } from './compose-project.ts'
import type { FoundProject } from './compose-project.ts'
import { noticeShape, shortPath, showNotices } from './compose-shapes.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { dryRunInput } from './shapes.ts'

const overrideFile = 'docker-compose.override.yml'
const standaloneFile = 'docker-compose.ports.yml'

export type Compose = z.output<typeof output>
const output = z.object({
  project: z.string(),
  files: z.array(z.string()),
  steps: z.array(
    z.object({
      service: z.string(),
      action: z.enum(['keep', 'move', 'unregistered', 'ambiguous']),
      from: z.nullable(z.int()),
      to: z.nullable(z.int()),
      why: z.string(),
    }),
  ),
  clashes: z.array(z.object({ port: z.int(), protocol: z.string(), services: z.array(z.string()) })),
  notices: z.array(noticeShape),
  /** What was written, or would be; null where nothing has to move or where a person has to decide first. */
  text: z.nullable(z.string()),
  file: z.string(),
  written: z.boolean(),
  /** Who merged the text with the project and published just what the registry says. */
  verifiedBy: z.array(z.string()),
  /** What Compose itself says against the project as it is, null where it says nothing or is not here. */
  refusal: z.nullable(z.string()),
  /** The command that starts the project with the file. */
  start: z.string(),
  /** Calls of Compose on this machine that cannot use the file. */
  tooOld: z.array(z.object({ command: z.string(), version: z.string() })),
})

export const compose = operation({
  name: 'compose',
  summary: 'Writes the compose override that gives a project the ports of the registry, and only those.',
  effect: 'write',
  positional: ['files'],
  examples: ['ports compose', 'ports compose --dry-run', 'ports compose docker-compose.yml --standalone'],
  input: z.object({
    ...projectInput,
    standalone: z
      .withDefault(z.boolean(), false)
      .check(z.describe('write one merged file, for a Compose older than 2.24.4 and for Compose 1')),
    dryRun: dryRunInput,
  }),
  output,
  isNo: ({ steps, clashes }) => clashes.length > 0 || steps.some(({ action }) => action === 'ambiguous'),
  async run(world, { standalone, dryRun, ...input }, call) {
    const found = await findProject(world, call, input, { withOurs: false })
    const plan = planCompose(found.project, await world.registry.read({ host: world.host }), world.host)
    const undecided = plan.clashes.length > 0 || plan.steps.some(({ action }) => action === 'ambiguous')
    const file = join(found.folder, standalone ? standaloneFile : overrideFile)
    const text = undecided ? null : await write(standalone, plan, found)
    const before = await textOf(world, file)
    if (text !== null && before !== null && !isOurs(before)) throw new Problem('file-not-ours', { path: file })
    if (text !== null && !standalone) refuseOldCompose(found)
    const verifiedBy = text === null ? [] : await verify(found, plan, file, text, standalone)
    const written = text !== null && text !== before && !dryRun
    if (written) await world.files.write(file, text)
    return {
      project: plan.project,
      files: [...found.project.files],
      steps: plan.steps.map((step) => ({
        service: step.publish.service,
        action: step.action,
        from: step.publish.published,
        to: portAfter(step),
        why: explainStep(step),
      })),
      clashes: plan.clashes.map(({ port, protocol, services }) => ({ port, protocol, services: [...services] })),
      notices: showNotices(found.project.notices, call),
      text,
      file,
      written,
      verifiedBy,
      refusal: found.refusal,
      start: startOf(found, file, standalone, call),
      tooOld: standalone ? [] : oldOnes(found),
    }
  },
})

async function write(standalone: boolean, plan: ComposePlan, { merged }: FoundProject): Promise<string | null> {
  if (standalone) return (await import('../formats/compose/write-standalone.ts')).writeStandalone(merged, plan)
  return (await import('../formats/compose/write-override.ts')).writeOverride(plan)
}

/** Where no Compose of the machine can use an override, none is written. Where there is no Compose at all, it may be for another machine. */
function refuseOldCompose({ composes: [first, ...rest] }: FoundProject): void {
  if (!first || [first, ...rest].some(({ overrides }) => overrides)) return
  throw new Problem('compose-too-old', { command: first.command.join(' '), version: first.version, major: first.major })
}

function oldOnes({ composes }: FoundProject): { command: string; version: string }[] {
  return composes
    .filter(({ overrides }) => !overrides)
    .map(({ command, version }) => ({ command: command.join(' '), version }))
}

/** Merges the text with the project before anything is written. Throws `compose-disagrees` where something else would be published than was planned. */
async function verify(
  found: FoundProject,
  plan: ComposePlan,
  file: string,
  text: string,
  standalone: boolean,
): Promise<string[]> {
  const merged = await found.laidOver(file, text, standalone)
  for (const { by, project } of merged) {
    const differences = differencesFrom(plan, project)
    if (differences.length) throw new Problem('compose-disagrees', { by, differences })
  }
  return merged.map(({ by }) => by)
}

function startOf({ files, usual, composes, project }: FoundProject, file: string, alone: boolean, call: Call): string {
  const able = composes.find(({ overrides }) => overrides || alone) ?? { command: ['docker', 'compose'], major: 2 }
  // Compose 1 reads no name in a file, and one file alone has another name than the project's own.
  const named = alone ? ['-p', project.name, '-f', shortPath(file, call)] : []
  const listed = alone || usual ? [] : [...files, file].flatMap((path) => ['-f', shortPath(path, call)])
  return [...able.command, ...named, ...listed, 'up', '-d'].map(shellWord).join(' ')
}

/** A word as it is typed in a shell. */
function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
