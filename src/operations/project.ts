import { basename, dirname, isAbsolute, join } from 'node:path'
import { mainCheckoutOf, parseGitFile, parseHead } from '../formats/git-files.ts'
import { projectFiles, projectName } from '../formats/project-file.ts'
import { isProblem } from '../core/problem.ts'
import type { World } from './world.ts'

export interface Project {
  readonly name: string
  /** The file that makes it one. */
  readonly file: string
}

export interface Checkout {
  readonly root: string
  readonly branch: string | null
  /** Where no branch holds it. */
  readonly commit: string | null
  /** The main checkout, where this is a linked worktree of it. */
  readonly worktreeOf: string | null
}

/** More of a file than this is not read: the name stands at its top. */
const mostBytes = 64 * 1024

/** The project that a folder belongs to: the nearest that calls itself one. */
export async function projectAt(world: World, folder: string): Promise<Project | null> {
  const file = await world.files.nearest(folder, projectFiles)
  if (file === null) return null
  const name = projectName(basename(file), (await beginningOf(world, file)) ?? '')
  return { name: name ?? basename(dirname(file)), file }
}

/** The git checkout or worktree around a folder. Only files are read: git itself would run what a stranger's repository tells it to. */
export async function checkoutAt(world: World, folder: string): Promise<Checkout | null> {
  const git = await world.files.nearest(folder, ['.git'])
  if (git === null) return null
  const root = dirname(git)
  const told = parseGitFile((await beginningOf(world, git)) ?? '')
  const gitFolder = told === null ? git : isAbsolute(told) ? told : join(root, told)
  const head = parseHead((await beginningOf(world, join(gitFolder, 'HEAD'))) ?? '')
  if (head === null && told === null) return null
  return {
    root,
    branch: head && 'branch' in head ? head.branch : null,
    commit: head && 'commit' in head ? head.commit : null,
    worktreeOf: mainCheckoutOf(gitFolder),
  }
}

/** Null for what is not there, is no file, or is not ours to read. */
async function beginningOf(world: World, path: string): Promise<string | null> {
  try {
    return (await world.files.tail(path, 0, mostBytes)).text
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
}
