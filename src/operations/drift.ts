import * as z from '../formats/zod.ts'
import { judge } from '../core/drift.ts'
import type { Drift } from '../core/drift.ts'
import { explainDrift } from '../core/drift-explain.ts'
import { planMending } from './drift/mend.ts'
import type { Mending } from './drift/mend.ts'
import { agreed, requireConsent } from './drift/moved-files.ts'
import { scanMentions } from './drift/scan.ts'
import type { Scan } from './drift/scan.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { dryRunInput } from './shapes.ts'
import type { World } from './world.ts'

const placeShape = { file: z.string(), line: z.int(), column: z.int() }

export type DriftAnswer = z.output<typeof output>
const output = z.object({
  folder: z.string(),
  findings: z.array(
    z.object({
      code: z.enum(['old-port', 'wrong-port', 'other-workspace']),
      ...placeShape,
      service: z.string(),
      says: z.int(),
      /** Null where a person has to decide. */
      shouldSay: z.nullable(z.int()),
      why: z.string(),
      confidence: z.enum(['sure', 'likely']),
      mended: z.boolean(),
    }),
  ),
  /** With `all`: every port that a file speaks of, and the service that it means; null where it means none that is registered. */
  mentions: z.array(z.object({ ...placeShape, port: z.int(), protocol: z.string(), service: z.nullable(z.string()) })),
  /** Files that could not be understood or read. */
  broken: z.array(z.object({ ...placeShape, why: z.string() })),
  files: z.object({ seen: z.int(), read: z.int(), large: z.int(), binary: z.int(), links: z.int() }),
  /** What is mended, as a unified diff; empty without `fix`. */
  diff: z.string(),
  dryRun: z.boolean(),
  /** A person was shown the diff and asked. */
  asked: z.boolean(),
})

export const drift = operation({
  name: 'drift',
  summary: 'Finds every file that says another port than the registry, and mends it; exit code 1 while one does.',
  effect: 'write',
  positional: ['folder'],
  examples: [
    'ports drift',
    'ports drift ~/shop --fix --dry-run',
    'ports drift --fix --yes',
    'ports drift --all --json',
  ],
  input: z.object({
    folder: z.withDefault(z.string(), '.').check(z.describe('the folder or file to look at')),
    all: z.withDefault(z.boolean(), false).check(z.describe('list every port that a file speaks of, and whose it is')),
    fix: z.withDefault(z.boolean(), false).check(z.describe('replace the wrong numbers, after showing what changes')),
    likely: z
      .withDefault(z.boolean(), false)
      .check(z.describe('replace also where only a folder, a package or a guess tells whose port it is')),
    yes: z.withDefault(z.boolean(), false).check(z.describe('do not ask')),
    dryRun: dryRunInput,
  }),
  output,
  isNo: ({ findings }) => findings.some(({ mended }) => !mended),
  async run(world, { folder, all, fix, likely, yes, dryRun }, call) {
    if (fix && !dryRun) requireConsent(call, yes)
    const scan = await scanMentions(world, call, folder)
    const judged = judge(scan.mentions, await world.registry.read({ host: world.host }), world.host)
    const drifts = judged.flatMap((one) => one.drift ?? [])
    const meant = fix ? drifts.filter(({ confidence }) => likely || confidence === 'sure') : []
    const mending = await planMending(meant, scan)
    const done = !dryRun && (await mend(world, call, scan, mending, yes))
    const mended = new Set(done ? mending.drifts : [])
    return {
      folder: scan.folder,
      findings: drifts.map((one) => showDrift(one, mended.has(one))),
      mentions: all
        ? judged.map(({ mention, service }) => ({
            ...placeOf(mention),
            port: mention.port,
            protocol: mention.protocol,
            service,
          }))
        : [],
      broken: scan.broken.map((one) => ({ ...one })),
      files: { ...scan.counts },
      diff: mending.diff,
      dryRun,
      asked: mending.edits.length > 0 && !dryRun && !yes,
    }
  },
})

/** Writes what is planned, if that is wanted. */
async function mend(world: World, call: Call, scan: Scan, mending: Mending, yes: boolean): Promise<boolean> {
  if (mending.edits.length === 0 || !(await agreed(call, mending, yes))) return false
  const prepared = await world.files.prepare(scan.folder, mending.edits)
  await prepared.apply()
  return true
}

function showDrift(one: Drift, mended: boolean): DriftAnswer['findings'][number] {
  const { code, service, shouldSay, confidence, mention } = one
  const why = explainDrift(one)
  return { code, ...placeOf(mention), service, says: mention.port, shouldSay, why, confidence, mended }
}

function placeOf({ file, line, column }: Drift['mention']): { file: string; line: number; column: number } {
  return { file, line, column }
}
