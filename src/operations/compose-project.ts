import { dirname, isAbsolute, join } from 'node:path'
import * as z from '../formats/zod.ts'
import { withTruth } from '../core/compose-agree.ts'
import type { ComposeProject } from '../core/compose.ts'
import { isProblem, Problem } from '../core/problem.ts'
import type { ReadProject } from '../formats/compose/read.ts'
import { ask, findComposes } from './compose-program.ts'
import type { ComposeProgram } from './compose-program.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** Where Compose itself looks, in its order. */
const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']
const overrideFiles = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]
/** How a file begins that we wrote: only such a one is written over. */
const ourHeader = /^#[^\n]*IZA Ports registry/

/** What every operation on a project takes, as `docker compose` takes it. */
export const projectInput = {
  files: z
    .withDefault(z.array(z.string()), [])
    .check(z.describe("the project's files, as docker compose -f takes them; the usual ones where none is given")),
  profile: z
    .withDefault(z.array(z.string()), [])
    .check(z.describe('a profile that is started, as docker compose takes it; may be given again')),
  envFile: z
    .withDefault(z.array(z.string()), [])
    .check(z.describe('a file of variables instead of .env; may be given again')),
  projectName: z.optional(z.string()).check(z.describe('the name of the project, as docker compose -p takes it')),
}
type ProjectInput = z.output<z.ZodMiniObject<typeof projectInput>>

/** A project as it was found, and the Compose that would start it. */
export interface FoundProject extends ReadProject {
  /** The files that were asked for, absolute, the first one first. */
  readonly files: readonly string[]
  /** Whether Compose finds these files by itself in the folder, and beside them an override of ours. */
  readonly usual: boolean
  readonly folder: string
  /** Every Compose of this machine, the one that people should use first. */
  readonly composes: readonly ComposeProgram[]
  /** What Compose says against the project, null where it says nothing or is not here. */
  readonly refusal: string | null
  /** The project once more, with a further text laid over it or standing alone; by our reader and, where there is one, by Compose itself. */
  laidOver(path: string, text: string, alone: boolean): Promise<{ by: string; project: ComposeProject }[]>
}

/**
 * Finds and reads the project: by our own reader, which knows the lines, corrected by `docker compose config` where that is here.
 * `withOurs` reads an override that we wrote as Compose would; it is left out where it is what is to be written. Throws what the reader throws.
 */
export async function findProject(
  world: World,
  call: Call,
  input: ProjectInput,
  { withOurs }: { readonly withOurs: boolean },
): Promise<FoundProject> {
  const { files, usual } = await filesOf(world, call, input.files, withOurs)
  const folder = dirname(files[0] ?? call.cwd)
  const read = (all: readonly string[], extra?: { path: string; text: string }): Promise<ReadProject> =>
    readOwn(world, call, input, all, extra)
  const [own, composes] = await Promise.all([read(files), findComposes(world, call)])
  const words = (all: readonly string[]): string[] => [
    ...(input.projectName === undefined ? [] : ['-p', input.projectName]),
    ...input.envFile.flatMap((path) => ['--env-file', absolute(call, path)]),
    ...input.profile.flatMap((profile) => ['--profile', profile]),
    '--project-directory',
    folder,
    ...all.flatMap((path) => ['-f', path]),
  ]
  const compose = composes.find(({ overrides }) => overrides) ?? composes.find(({ major }) => major > 1)
  const theirs = compose ? await config(world, call, compose, words(files)) : null
  const { project } = theirs?.project ? withTruth(own.project, theirs.project) : own
  return {
    ...own,
    project,
    files,
    usual,
    folder,
    composes,
    refusal: theirs?.refusal ?? null,
    async laidOver(path, text, alone) {
      const ours = await read(alone ? [path] : [...files, path], { path, text })
      const found = [{ by: 'our reader', project: ours.project }]
      // Compose reads the text from its input, so nothing is written before it has been seen.
      if (!compose || theirs?.refusal) return found
      const said = await config(world, call, compose, words(alone ? ['-'] : [...files, '-']), text)
      const by = `${compose.command.join(' ')} ${compose.version}`
      if (said.refusal !== null) throw new Problem('compose-disagrees', { by, differences: [said.refusal] })
      return said.project ? [...found, { by, project: said.project }] : found
    },
  }
}

/** By our own reader. `extra` is read as if it stood in a file. */
async function readOwn(
  world: World,
  call: Call,
  input: ProjectInput,
  files: readonly string[],
  extra?: { readonly path: string; readonly text: string },
): Promise<ReadProject> {
  const { readCompose } = await import('../formats/compose/read.ts')
  return await readCompose({
    files,
    directory: null,
    environment: call.environment,
    envFiles: input.envFile.map((path) => absolute(call, path)),
    profiles: input.profile,
    name: input.projectName ?? null,
    read: (path) => (path === extra?.path ? extra.text : textOf(world, path)),
  })
}

/** The project that Compose would find in the folder, by our own reader and without running anything. Null where there is none. Throws what the reader throws. */
export async function usualProject(world: World, call: Call, folder: string): Promise<ComposeProject | null> {
  const files = await usualIn(world, folder, true)
  if (!files.length) return null
  const input = { files: [], profile: [], envFile: [], projectName: undefined }
  return (await readOwn(world, call, input, files)).project
}

/** What `docker compose config` says, or why it says nothing. Both null where it could not be asked. */
async function config(
  world: World,
  call: Call,
  { command }: ComposeProgram,
  words: readonly string[],
  input?: string,
): Promise<{ project: ComposeProject | null; refusal: string | null }> {
  const answer = await ask(world, call, [...command, ...words, 'config', '--format', 'json'], { input })
  if (!answer || answer.code === null) return { project: null, refusal: null }
  if (answer.code !== 0) return { project: null, refusal: lastLine(answer.said) }
  const { readConfigJson } = await import('../formats/compose/config-json.ts')
  return { project: readConfigJson(answer.out, 'docker compose config').project, refusal: null }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/**
 * The files that are meant: those that are given, those of `COMPOSE_FILE`, or what Compose finds in the folder or above it, with the override that a person
 * wrote.
 */
async function filesOf(
  world: World,
  call: Call,
  given: readonly string[],
  withOurs: boolean,
): Promise<{ files: string[]; usual: boolean }> {
  const named = call.environment.COMPOSE_FILE ?? ''
  const listed = given.length ? given : named.split(call.environment.COMPOSE_PATH_SEPARATOR || ':').filter(Boolean)
  const main = listed.length ? null : await world.files.nearest(call.cwd, composeFiles)
  if (listed.length === 0 && main === null) throw new Problem('compose-missing', { folder: call.cwd })
  const files = listed.map((file) => absolute(call, file))
  const found = await usualIn(world, dirname(main ?? files[0] ?? call.cwd), withOurs)
  const all = files.length ? files : found
  return { files: all, usual: all.length === 1 && all[0] === found[0] && found.length === 1 }
}

async function usualIn(world: World, folder: string, withOurs: boolean): Promise<string[]> {
  for (const name of composeFiles) {
    const main = join(folder, name)
    if ((await textOf(world, main)) === null) continue
    for (const other of overrideFiles) {
      const text = await textOf(world, join(folder, other))
      // Compose takes the first override alone.
      if (text !== null) return isOurs(text) && !withOurs ? [main] : [main, join(folder, other)]
    }
    return [main]
  }
  return []
}

export function isOurs(text: string): boolean {
  return ourHeader.test(text)
}

function absolute(call: Call, path: string): string {
  return isAbsolute(path) ? path : join(call.cwd, path)
}

/** The text of a file, null where there is none. */
export async function textOf(world: World, path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (isProblem(error, 'file-missing')) return null
    throw error
  }
}
