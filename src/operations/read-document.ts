import { isAbsolute, join } from 'node:path'
import type { PortDocument } from '../core/document.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** The port table in a file: Markdown, or the exported form in JSON or YAML. Throws what reading the file and its form throw. */
export async function readDocument(world: World, call: Call, path: string): Promise<PortDocument> {
  const absolute = isAbsolute(path) ? path : join(call.cwd, path)
  const bytes = await world.files.read(absolute)
  const { decodeDocument } = await import('../formats/decode.ts')
  const text = decodeDocument(bytes, path)
  if (/\.(json|ya?ml)$/i.test(path)) return (await import('../formats/registry-file.ts')).readRegistryFile(text, path)
  return (await import('../formats/markdown/read.ts')).readPortDocument(text, path)
}
