import { basename, dirname } from 'node:path'
import type { Allocation } from '../core/allocation.ts'
import type { Owner } from '../core/claim-plan.ts'
import { shorten } from '../core/text.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** What makes a folder the root of something that one works on, where no version control does. */
const projectFiles = ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'compose.yaml', 'docker-compose.yml']

/**
 * The workspace that the call comes from: the git checkout or worktree around its folder (in a worktree `.git` is a file; each is a workspace of its own),
 * else the nearest project, else the folder itself.
 */
export async function workspaceOf(world: World, call: Call): Promise<Owner> {
  const root = (await rootOf(world, call)) ?? call.cwd
  const home = call.environment.HOME
  const short = home && root.startsWith(`${home}/`) ? `~${root.slice(home.length)}` : root
  // The end of a long path tells more than its beginning; the owner's id keeps all of it.
  const label = short.length > 120 ? `…${shorten(short.slice(-119), 119)}` : short
  return { id: `workspace:${root}`, label, seed: basename(root) }
}

/**
 * A workspace as the owner of what it claims on another host, or on every host: another machine may have a workspace at the same path, and must take
 * neither the claim for its own nor the folder that it does not find for gone.
 */
export function awayFrom(host: string, { id, label, seed }: Owner): Owner {
  return { id: id.replace(/^workspace:/, `workspace@${host}:`), label: `${host}:${label}`, seed }
}

/** Whether what was promised is the workspace's own: on this machine, on another one, or on every host. */
export function isOfWorkspace(world: World, workspace: Owner, { host, owner }: Allocation): boolean {
  return owner === (host === world.host ? workspace : awayFrom(world.host, workspace)).id
}

/** The folder of the checkout or project around the call, null where it is in none. */
export async function rootOf(world: World, { cwd }: Pick<Call, 'cwd'>): Promise<string | null> {
  const found = (await world.files.nearest(cwd, ['.git'])) ?? (await world.files.nearest(cwd, projectFiles))
  return found === null ? null : dirname(found)
}
