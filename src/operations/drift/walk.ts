import { basename, dirname, join, relative } from 'node:path'
import { isProblem } from '../../core/problem.ts'
import { IgnoreRules } from '../../formats/ignored.ts'
import { kindOf } from '../../formats/mentions/kinds.ts'
import type { FileKind } from '../../formats/mentions/kinds.ts'
import type { Call } from '../operation.ts'
import { workspaceOf } from '../workspace.ts'
import type { FolderEntry, World } from '../world.ts'

/** Folders that hold what others wrote or a program made. */
const passedFolders = new Set(
  'node_modules bower_components .git .hg .svn dist build out target vendor coverage .next .nuxt .output .svelte-kit .astro .turbo .cache .parcel-cache .pnpm-store .yarn .venv venv __pycache__ .terraform .gradle'.split(
    ' ',
  ),
)

/** A file of a kind that ports are looked for in. */
export interface FoundFile {
  readonly path: string
  readonly kind: FileKind
  /** Owner id of the workspace that it belongs to. */
  readonly workspace: string
}

export interface Walked {
  readonly files: readonly FoundFile[]
  /** Files of every kind that were seen. */
  readonly seen: number
  readonly links: number
  /** Folders that could not be read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[]
}

/**
 * Every file below the folder that may speak of ports, in the order of their paths: what `.gitignore` passes over is left out, but for files that are for this
 * machine alone and therefore ignored on purpose (`.env`). Links are not followed. `folder` may also be one such file. Throws `file-missing` and
 * `file-unreadable` for the folder itself.
 */
export async function walk(world: World, call: Call, folder: string): Promise<Walked> {
  const files: FoundFile[] = []
  const unreadable: { path: string; why: string }[] = []
  let [seen, links, told] = [0, 0, world.clock.elapsed()]
  const alone = await asFile(world, folder)
  const start = alone ? dirname(folder) : folder
  const owner = (await workspaceOf(world, { ...call, cwd: start })).id
  const git = await world.files.nearest(start, ['.git'])
  const top = git === null ? start : dirname(git)
  if (alone) {
    const kind = kindOf(folder)
    return { files: kind ? [{ path: folder, kind, workspace: owner }] : [], seen: 1, links, unreadable }
  }
  await enter(start, await rulesAbove(world, top, start), owner, await world.files.entries(start))
  return { files, seen, links, unreadable }

  async function enter(
    here: string,
    above: IgnoreRules,
    workspace: string,
    entries: readonly FolderEntry[],
  ): Promise<void> {
    call.signal.throwIfAborted()
    const rules = entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file')
      ? above.with(relative(top, here), await textOf(world, join(here, '.gitignore')))
      : above
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(here, name)
      if (kind === 'link') links++
      else if (kind === 'file') {
        seen++
        const found = kindOf(relative(dirname(start), path))
        if (found && (found.local || !rules.ignores(relative(top, path), false)))
          files.push({ path, kind: found, workspace })
      } else if (kind === 'folder' && !passedFolders.has(name) && !rules.ignores(relative(top, path), true)) {
        const inside = await entriesOf(path)
        const isCheckout = inside.some((entry) => entry.name === '.git')
        await enter(path, rules, isCheckout ? `workspace:${path}` : workspace, inside)
      }
    }
    if (world.clock.elapsed() - told > 500) {
      told = world.clock.elapsed()
      call.progress(`Looked at ${seen} files, ${files.length} of them of a kind that may speak of ports`)
    }
  }

  async function entriesOf(path: string): Promise<readonly FolderEntry[]> {
    try {
      return await world.files.entries(path)
    } catch (error) {
      if (!isProblem(error)) throw error
      unreadable.push({ path, why: error.message })
      return []
    }
  }
}

/** Whether the path is a plain file. */
async function asFile(world: World, path: string): Promise<boolean> {
  try {
    return (await world.files.entries(dirname(path))).some(
      ({ name, kind }) => name === basename(path) && kind === 'file',
    )
  } catch (error) {
    if (isProblem(error)) return false
    throw error
  }
}

/** The rules of the checkout that count in a folder below its top. */
async function rulesAbove(world: World, top: string, folder: string): Promise<IgnoreRules> {
  let rules = new IgnoreRules().with('', await textOf(world, join(top, '.git/info/exclude')))
  const parts = relative(top, folder).split('/').filter(Boolean)
  for (const index of parts.keys()) {
    const above = parts.slice(0, index).join('/')
    rules = rules.with(above, await textOf(world, join(top, above, '.gitignore')))
  }
  return rules
}

async function textOf(world: World, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (isProblem(error)) return ''
    throw error
  }
}
