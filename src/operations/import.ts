import { z } from 'zod'
import { planImport } from '../core/import-plan.ts'
import { sayChange } from '../core/plan.ts'
import { change } from './change.ts'
import { operation } from './operation.ts'
import { readImport } from './read-import.ts'
import { dryRunInput } from './shapes.ts'

export type Import = z.output<typeof output>
const output = z.object({
  file: z.string(),
  /** What the document holds. */
  ranges: z.int(),
  services: z.int(),
  moves: z.int(),
  unused: z.array(z.object({ line: z.int(), text: z.string(), why: z.string(), contradicts: z.boolean() })),
  /** How many changes the plan has; 0 where the registry says already what the document says. */
  changes: z.int(),
  plan: z.array(z.string()),
  dryRun: z.boolean(),
})

export const importDocument = operation({
  name: 'import',
  summary:
    'Reads a port table (Markdown, or an exported registry) and makes the registry say what it says; of a compose file it registers what is new.',
  effect: 'write',
  positional: ['file'],
  examples: [
    'ports import ports.md --dry-run',
    'ports import ports.md',
    'ports import registry.json',
    'ports import docker-compose.yml --dry-run',
  ],
  input: z.object({
    file: z.string().describe('the document'),
    dryRun: dryRunInput,
    ifNew: z.boolean().default(false).describe('do nothing when the registry was ever written to'),
  }),
  output,
  isNo: ({ unused }) => unused.some(({ contradicts }) => contradicts),
  async run(world, { file, dryRun, ifNew }, call) {
    if (ifNew && (await world.registry.read()).revision > 0) {
      return { file, ranges: 0, services: 0, moves: 0, unused: [], changes: 0, plan: [], dryRun }
    }
    const documentFor = await readImport(world, call, file)
    const { decision } = await change(
      world,
      (registry) => {
        const document = documentFor(registry)
        const plan = planImport(registry, world.host, document, () => world.newId())
        const changes = ifNew && registry.revision > 0 ? [] : plan.changes
        const names = new Map(registry.allocations.map(({ id, service }) => [id, service]))
        return {
          changes,
          document,
          unused: plan.unused,
          plan: changes.map((one) => sayChange(one, (id) => names.get(id) ?? id)),
        }
      },
      { dryRun },
    )
    const { document } = decision
    return {
      file,
      ranges: document.ranges.length,
      services: document.services.length,
      moves: document.moves.length,
      unused: [...decision.unused],
      changes: decision.changes.length,
      plan: decision.plan,
      dryRun,
    }
  },
})
