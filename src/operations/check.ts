import { z } from 'zod'
import { knownServices } from '../catalog/known-services.ts'
import { audit } from '../core/audit/audit.ts'
import { look } from './look.ts'
import { operation } from './operation.ts'
import { readDocument } from './read-document.ts'
import { findingShape } from './shapes.ts'
import type { Finding } from '../core/audit/finding.ts'
import { registryOf } from '../core/document-registry.ts'

export type Check = z.output<typeof output>
const output = z.object({ findings: z.array(findingShape) })

export const check = operation({
  name: 'check',
  summary:
    'Says what is wrong with the registry, or with a document before it is imported; exit code 1 when there is an error.',
  effect: 'read',
  positional: ['file'],
  examples: ['ports check', 'ports check ports.md', 'ports check --json'],
  input: z.object({ file: z.string().optional().describe('a document to check by itself, instead of the registry') }),
  output,
  isNo: ({ findings }) => findings.some(({ severity }) => severity === 'error'),
  async run(world, { file }, call) {
    if (file === undefined) return { findings: copy((await look(world)).findings) }
    const document = await readDocument(world, call, file)
    return {
      findings: copy(
        audit({ registry: registryOf(document, world.host), host: world.host, seen: null, known: knownServices }),
      ),
    }
  },
})

function copy(findings: readonly Finding[]): Check['findings'] {
  return findings.map((finding) => ({
    ...finding,
    services: [...finding.services],
    ports: [...finding.ports],
    facts: { ...finding.facts },
  }))
}
