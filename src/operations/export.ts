import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import type { Registry } from '../core/registry.ts'
import { operation } from './operation.ts'

export type Export = z.output<typeof output>
const output = z.object({ format: z.enum(['markdown', 'json', 'yaml']), text: z.string(), file: z.string().nullable() })

export const exportRegistry = operation({
  name: 'export',
  summary: 'Writes the registry as a document that imports back to an equal registry.',
  effect: 'read',
  positional: [],
  examples: [
    'ports export > ports.md',
    'ports export --format json',
    'ports export --format yaml --file registry.yaml',
  ],
  input: z.object({
    format: z.enum(['markdown', 'json', 'yaml']).default('markdown').describe('markdown, json or yaml'),
    file: z.string().optional().describe('write to this file instead of standard output'),
  }),
  output,
  async run(world, { format, file }, call) {
    const registry = await world.registry.read({ host: world.host })
    const text = await write(format, registry, world.host)
    if (file !== undefined) await world.files.write(isAbsolute(file) ? file : join(call.cwd, file), text)
    return { format, text, file: file ?? null }
  },
})

async function write(format: Export['format'], registry: Registry, host: string): Promise<string> {
  if (format === 'markdown') return (await import('../formats/markdown/write.ts')).writePortDocument(registry, host)
  const { toRegistryFile, writeJson, writeYaml } = await import('../formats/registry-file.ts')
  const file = toRegistryFile(registry, host)
  return format === 'json' ? writeJson(file) : writeYaml(file)
}
