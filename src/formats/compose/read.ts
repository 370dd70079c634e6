import type { ComposeProject } from '../../core/compose.ts'
import { Problem } from '../../core/problem.ts'
import { readVariables } from './dotenv.ts'
import type { Variables } from './dotenv.ts'
import { loadModel } from './include.ts'
import { invalid } from './invalid.ts'
import { Sources } from './load.ts'
import type { ReadText } from './load.ts'
import { folderOf, normalise, resolveIn } from './paths.ts'
import { projectName, readServices } from './project.ts'
import { child, textOf } from './tree.ts'
import type { MapTree } from './tree.ts'

export interface ComposeSources {
  /** As `-f` gives them, the first first. Each is absolute or starts where `read` starts. */
  readonly files: readonly string[]
  /** `--project-directory`, or null for the folder of the first file: where relative paths start and `.env` lies. */
  readonly directory: string | null
  /** What the shell exports. It counts more than any file. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `--env-file`; none of them means the `.env` of the project directory, where there is one. */
  readonly envFiles: readonly string[]
  /** `--profile`; added to `COMPOSE_PROFILES`. `*` is all of them. */
  readonly profiles: readonly string[]
  /** `-p`, or null for `COMPOSE_PROJECT_NAME`, the file's `name`, or the project directory's. */
  readonly name: string | null
  /** The only way to a file: its text, or null where there is none. */
  readonly read: ReadText
}

/** The project, and all that its files say together, for the writer of a merged file. */
export interface ReadProject {
  readonly project: ComposeProject
  readonly merged: MapTree
}

/**
 * Reads a compose project as Compose 2 does: several files merged, `extends`, `include`, profiles, variables from the environment and `.env`.
 * Services of profiles that were not asked for are there and not `active`. Nothing is written or started.
 * Throws `compose-invalid` with path, line and column for what Compose could not use either, `file-missing` for a file that is not there.
 */
export async function readCompose(from: ComposeSources): Promise<ReadProject> {
  const [first] = from.files
  if (first === undefined) throw new Problem('file-missing', { path: 'compose.yaml' })
  const sources = new Sources(from.read)
  const directory = from.directory === null ? folderOf(normalise(first)) : normalise(from.directory)
  const variables = await readEnvironment(from, directory, sources)
  const model = await loadModel(from.files.map(normalise), directory, variables, sources, [])
  if (!model) throw invalid({ file: first, line: 1, column: 1 }, 'it is empty')
  const profiles = [...from.profiles, ...(variables.get('COMPOSE_PROFILES') ?? '').split(',')]
  const services = readServices(model, profiles, sources.notices)
  const named = from.name ?? variables.get('COMPOSE_PROJECT_NAME') ?? textOf(child(model, 'name'))
  const name = projectName(named || (directory.split('/').at(-1) ?? '')) || 'default'
  const notices = new Map(sources.notices.map((notice) => [JSON.stringify(notice), notice]))
  return { project: { name, files: sources.files, services, notices: [...notices.values()] }, merged: model }
}

async function readEnvironment(from: ComposeSources, directory: string, sources: Sources): Promise<Variables> {
  const outside: Variables = new Map(
    Object.entries(from.environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
  let variables = outside
  for (const path of from.envFiles) variables = readVariables(await sources.text(path), path, outside, variables)
  if (from.envFiles.length === 0) {
    const path = resolveIn(directory, '.env')
    variables = readVariables((await sources.optional(path)) ?? '', path, outside, variables)
  }
  return variables
}
