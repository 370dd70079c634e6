import { isAbsolute, join } from 'node:path'
import * as z from '../formats/zod.ts'
import { operation } from './operation.ts'
import { putRegistry, putShape } from './put-registry.ts'
import { dryRunInput } from './shapes.ts'

export type Backup = z.output<typeof backupOutput>
const backupOutput = z.object({ file: z.string(), revision: z.int(), services: z.int(), allocations: z.int() })

const yesInput = z
  .withDefault(z.boolean(), false)
  .check(z.describe('replace what stands in a registry that is not empty'))

export const backup = operation({
  name: 'backup',
  summary: 'Writes the whole registry, all hosts with ids, fences and owners, into a file for restore.',
  effect: 'read',
  positional: ['file'],
  examples: ['ports backup', 'ports backup monday.json', 'ports backup --store etcd://a:2379,b:2379/iza fleet.json'],
  input: z.object({
    file: z.optional(z.string()).check(z.describe('the file; one named by the time where none is given')),
  }),
  output: backupOutput,
  async run(world, { file }, call) {
    const registry = await world.registry.read()
    const at = world.clock.now().toISOString()
    const name = file ?? `iza-ports-${at.slice(0, 19).replace(/[:T]/g, '-')}.json`
    const path = isAbsolute(name) ? name : join(call.cwd, name)
    const { writeBackup } = await import('../formats/backup-file.ts')
    await world.files.write(path, writeBackup(registry, world.registry.place, at))
    const { revision, services, allocations } = registry
    return { file: path, revision, services: services.length, allocations: allocations.length }
  },
})

export const restore = operation({
  name: 'restore',
  summary: 'Makes the registry hold what a backup holds, all or nothing, and reads it back.',
  effect: 'write',
  positional: ['file'],
  examples: ['ports restore monday.json --dry-run', 'ports restore monday.json', 'ports restore monday.json --yes'],
  input: z.object({ file: z.string().check(z.describe('what backup wrote')), yes: yesInput, dryRun: dryRunInput }),
  output: putShape,
  async run(world, { file, yes, dryRun }, call) {
    const path = isAbsolute(file) ? file : join(call.cwd, file)
    const { readBackup } = await import('../formats/backup-file.ts')
    const { registry: content } = readBackup(new TextDecoder().decode(await world.files.read(path)), path)
    return putRegistry(world, call, { to: world.registry, from: path, content }, { yes, dryRun })
  },
})

export const storeCopy = operation({
  name: 'store copy',
  summary: 'Copies a whole registry from one store into another, all or nothing, and reads it back.',
  effect: 'write',
  positional: ['from', 'to'],
  examples: [
    'ports store copy sqlite:///home/me/.local/share/iza-ports/registry.db etcd://a:2379,b:2379/iza',
    'ports store copy etcd://a:2379/iza sqlite:///tmp/registry.db --dry-run',
  ],
  input: z.object({
    from: z.string().check(z.describe('the address of the registry that is copied, and stays as it is')),
    to: z.string().check(z.describe('the address of the registry that is to hold the same')),
    yes: yesInput,
    dryRun: dryRunInput,
  }),
  output: putShape,
  async run(world, { from, to, yes, dryRun }, call) {
    const source = await world.registryAt(from)
    const target = await world.registryAt(to)
    try {
      const content = await source.read()
      return await putRegistry(world, call, { to: target, from: source.place, content }, { yes, dryRun })
    } finally {
      await source.close()
      await target.close()
    }
  },
})
