import { basename, dirname } from 'node:path'
import { parseName } from '../../core/name.ts'
import { projectAt } from '../project.ts'
import type { World } from '../world.ts'

/** What the project in the folder calls itself, without the scope or the address before it; else the folder's name. Throws `name-invalid`. */
export async function nameOfFolder(world: World, folder: string): Promise<string> {
  const project = await projectAt(world, folder)
  const own = project && dirname(project.file) === folder ? project.name.split('/').at(-1) : undefined
  return parseName(own || basename(folder), 'service')
}
