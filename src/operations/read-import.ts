import { isAbsolute, join } from 'node:path'
import { documentOfCompose } from '../core/compose-document.ts'
import type { PortDocument } from '../core/document.ts'
import type { Registry } from '../core/registry.ts'
import { looksLikeCompose } from '../formats/compose/detect.ts'
import { findProject, textOf } from './compose-project.ts'
import type { Call } from './operation.ts'

import { readDocument } from './read-document.ts'
import type { World } from './world.ts'

/** What a file would make of a registry: a port table says it whatever the registry says, a compose project only adds to it. */
export async function readImport(
  world: World,
  call: Call,
  path: string,
): Promise<(registry: Registry) => PortDocument> {
  if (/\.ya?ml$/i.test(path)) {
    const text = await textOf(world, isAbsolute(path) ? path : join(call.cwd, path))
    if (text !== null && looksLikeCompose(text)) {
      const input = { files: [path], profile: [], envFile: [] }
      const { project } = await findProject(world, call, input, { withOurs: false })
      return (registry) => documentOfCompose(project, registry, world.host)
    }
  }
  const document = await readDocument(world, call, path)
  return () => document
}
