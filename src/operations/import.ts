import * as z from '../formats/zod.ts'
import { planImport } from '../core/import-plan.ts'
import { sayChange } from '../core/plan.ts'
import { change } from './change.ts'
import { operation } from './operation.ts'
import { claimantOf } from './owner-token.ts'
import { readImport } from './read-import.ts'
import { readRecipeFile } from './recipes.ts'
import { dryRunInput } from './shapes.ts'
import { workspaceOf } from './workspace.ts'

export type Import = z.output<typeof output>
const output = z.object({
  file: z.string(),
  /** What the document holds. */
  ranges: z.int(),
  services: z.int(),
  moves: z.int(),
  unused: z.array(z.object({ line: z.int(), text: z.string(), why: z.string(), contradicts: z.boolean() })),
  /** Who starts the services of the file: `ports` by the recipes below, `compose`, whose containers get none; null where the file does not say. */
  startedBy: z.nullable(z.enum(['ports', 'compose'])),
  /** How the services of the file are started, for a file that says so. */
  recipes: z.array(
    z.object({
      service: z.string(),
      port: z.nullable(z.int()),
      command: z.string(),
      /** `differs`: our own recipe says otherwise and stays as it is. */
      outcome: z.enum(['new', 'same', 'differs', 'replaced']),
    }),
  ),
  /** How many changes the plan has, those of recipes with them; 0 where all is said already. */
  changes: z.int(),
  plan: z.array(z.string()),
  dryRun: z.boolean(),
})

export const importDocument = operation({
  name: 'import',
  summary:
    'Makes the registry say what a port table (Markdown, or an exported registry) says; of a compose file it adds what is new; of a services.yaml, a Procfile and the scripts of a package.json it adds what is new, with how it is started.',
  effect: 'write',
  positional: ['file'],
  examples: [
    'ports import ports.md --dry-run',
    'ports import ports.md',
    'ports import registry.json',
    'ports import services.yaml',
    'ports import docker-compose.yml --dry-run',
    'ports import Procfile',
    'ports import package.json --take dev --take worker',
  ],
  input: z.object({
    file: z.string().check(z.describe('the document')),
    take: z
      .withDefault(z.array(z.string()), [])
      .check(
        z.describe(
          'a process type, script or service that is taken, instead of those that look like servers; may be given again',
        ),
      ),
    replace: z.withDefault(z.boolean(), false).check(z.describe('let the file outrank recipes that are kept already')),
    dryRun: dryRunInput,
    ifNew: z.withDefault(z.boolean(), false).check(z.describe('do nothing when the registry was ever written to')),
  }),
  output,
  isNo: ({ unused }) => unused.some(({ contradicts }) => contradicts),
  async run(world, { dryRun, ifNew, ...asked }, call) {
    const { file } = asked
    if (ifNew && (await world.registry.read()).revision > 0) {
      const nothing = {
        ranges: 0,
        services: 0,
        moves: 0,
        startedBy: null,
        unused: [],
        recipes: [],
        changes: 0,
        plan: [],
      }
      return { file, ...nothing, dryRun }
    }
    const { startedBy, planFor } = await readImport(world, call, asked)
    const own = await readRecipeFile(world, call)
    const claimant = await claimantOf(world, call, await workspaceOf(world, call), false)
    const { decision } = await change(
      world,
      (registry) => {
        const { document, recipes } = planFor(registry, own)
        const plan = planImport(registry, world.host, document, claimant, () => world.newId())
        const changes = ifNew && registry.revision > 0 ? [] : plan.changes
        const names = new Map(registry.allocations.map(({ id, service }) => [id, service]))
        return {
          changes,
          document,
          recipes,
          unused: plan.unused,
          plan: changes.map((one) => sayChange(one, (id) => names.get(id) ?? id)),
        }
      },
      { dryRun },
    )
    const { document, recipes } = decision
    const kept = recipes.filter(({ outcome }) => outcome === 'new' || outcome === 'replaced')
    // The registry first: a recipe without its port would be started by nobody, and importing again makes up for what is missing.
    if (!dryRun && kept.length) await (await import('./recipe-import/keep.ts')).keepRecipes(world, call, kept)
    const plan = [...decision.plan, ...kept.map(({ service, says }) => `recipe ${service}: ${says.command}`)]
    return {
      file,
      ranges: document.ranges.length,
      services: recipes.length || document.services.length,
      moves: document.moves.length,
      unused: [...decision.unused],
      startedBy,
      recipes: recipes.map(({ service, port, says, outcome }) => ({ service, port, command: says.command, outcome })),
      changes: plan.length,
      plan,
      dryRun,
    }
  },
})
