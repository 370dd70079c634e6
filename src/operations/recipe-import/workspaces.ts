import { basename, join, matchesGlob } from 'node:path'
import { isProblem } from '../../core/problem.ts'
import { pnpmWorkspaces } from '../../formats/recipes/package-scripts.ts'
import { textOf } from '../compose-project.ts'
import type { World } from '../world.ts'

/** Lock files, each with the program that wrote it. Of several in one folder the first counts. */
const lockFiles: Readonly<Record<string, string>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
}
const managers = new Set(Object.values(lockFiles))

/** The package manager that the project says, else the one of the nearest lock file, else npm. */
export async function packageManager(world: World, folder: string, said: string | null): Promise<string> {
  if (said !== null && managers.has(said)) return said
  const lock = await world.files.nearest(folder, Object.keys(lockFiles))
  return (lock !== null && lockFiles[basename(lock)]) || 'npm'
}

/** Deeper than this no package lies that a person counts as one of theirs, and a tree without an end ends. */
const deepest = 5

/**
 * The `package.json` of every package of the workspaces, by path: those that the patterns mean (`apps/web`, `packages/*`, `libs/**`, `!libs/old`), or a `pnpm-workspace.yaml` beside. Links are not
 * followed, so that no pattern leads out of the folder.
 */
export async function workspaceFiles(world: World, folder: string, own: readonly string[]): Promise<string[]> {
  const pnpm = await textOf(world, join(folder, 'pnpm-workspace.yaml'))
  const patterns = [...own, ...(pnpm === null ? [] : pnpmWorkspaces(pnpm))].map((pattern) =>
    pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''),
  )
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const unwanted = patterns.flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : []))
  const found: string[] = []
  if (wanted.length) await enter('', 0)
  return found.toSorted((a, b) => (a < b ? -1 : 1))

  async function enter(place: string, depth: number): Promise<void> {
    for (const { name, kind } of await entriesOf(world, join(folder, place))) {
      if (kind !== 'folder' || name === 'node_modules' || name.startsWith('.')) continue
      const inside = place === '' ? name : `${place}/${name}`
      const isMeant = fits(inside, wanted) && !fits(inside, unwanted)
      const file = join(folder, inside, 'package.json')
      if (isMeant && (await textOf(world, file)) !== null) found.push(file)
      if (depth < deepest) await enter(inside, depth + 1)
    }
  }
}

function fits(place: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(place, pattern))
}

async function entriesOf(world: World, folder: string): ReturnType<World['files']['entries']> {
  try {
    return await world.files.entries(folder)
  } catch (error) {
    if (isProblem(error, 'file-missing') || isProblem(error, 'file-unreadable')) return []
    throw error
  }
}
