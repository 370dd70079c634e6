import { isAbsolute, join } from 'node:path'
import * as z from '../formats/zod.ts'
import { answersHttp } from '../catalog/web.ts'
import { Problem } from '../core/problem.ts'
import { list } from '../core/text.ts'
import { exportFormats, exportNames } from '../formats/export.ts'
import { operation } from './operation.ts'
import type { World } from './world.ts'

export type Export = z.output<typeof output>
const output = z.object({ format: z.enum(exportNames), text: z.string(), file: z.nullable(z.string()) })

export const exportRegistry = operation({
  name: 'export',
  summary:
    'Writes the registry as a document that imports back to an equal one, or as configuration for another program.',
  effect: 'read',
  positional: [],
  examples: [
    'ports export > ports.md',
    'ports export --format json',
    'ports export --format nginx --domain example.org --file ports.conf',
    'ports export --format sysctl',
  ],
  input: z.object({
    format: z.withDefault(z.enum(exportNames), 'markdown').check(z.describe(list(exportNames))),
    domain: z
      .withDefault(z.string(), 'localhost')
      .check(z.describe('the name of this machine, for the formats that hold links and host names')),
    file: z.optional(z.string()).check(z.describe('write to this file instead of standard output')),
  }),
  output,
  async run(world, { format, domain, file }, call) {
    const registry = await world.registry.read({ host: world.host })
    const source = {
      registry,
      host: world.host,
      domain: checkDomain(domain),
      answersHttp,
      kept: await keptBy(world, format),
    }
    const text = await exportFormats[format].write(source)
    if (file !== undefined) await world.files.write(isAbsolute(file) ? file : join(call.cwd, file), text)
    return { format, text, file: file ?? null }
  },
})

/** A host name (RFC 1123), so that nothing else gets into anybody's configuration. */
function checkDomain(text: string): string {
  const domain = text.toLowerCase()
  if (
    domain.length <= 200 &&
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(domain)
  )
    return domain
  throw new Problem('argument-invalid', { argument: 'domain', why: 'it is no host name', command: 'export' })
}

/** What the kernel keeps already, which only one format has to know: the others work on any system. */
async function keptBy(world: World, format: Export['format']): Promise<readonly { from: number; to: number }[]> {
  return format === 'sysctl' ? (await world.machine.kernel()).reserved : []
}
