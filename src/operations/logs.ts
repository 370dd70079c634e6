import * as z from '../formats/zod.ts'
import { linesWanted } from '../core/log-lines.ts'
import { Problem } from '../core/problem.ts'
import type { Run } from '../core/run.ts'
import { requireService } from './named.ts'
import { operation } from './operation.ts'
import { parseWait } from './wait-time.ts'
import type { World } from './world.ts'

/** As much of the end of a log as is read to find its last lines. */
const mostBytes = 1 << 20
/** As much as is read where lines are looked for. */
const mostSearched = 1 << 25
/** So many lines where nothing is looked for. */
const usualLines = 50

export type Logs = z.output<typeof output>
export type ServiceLog = Logs['logs'][number]
const output = z.object({
  logs: z.array(
    z.object({
      service: z.string(),
      log: z.string(),
      startedAt: z.string(),
      lines: z.array(z.string()),
      /** Bytes of the log that were there, and the number of the newest part that was cut off before. */
      end: z.int(),
      part: z.int(),
    }),
  ),
})

export const logs = operation({
  name: 'logs',
  summary: 'Shows the last lines that the newest runs of services wrote.',
  effect: 'read',
  positional: ['names'],
  examples: [
    'ports logs Grafana',
    'ports logs Grafana Prometheus --follow',
    'ports logs Grafana --since 10m --grep error',
  ],
  input: z.object({
    names: z.array(z.string()).check(z.minLength(1), z.describe('the services')),
    lines: z
      .optional(z.coerce.number().check(z.int(), z.gte(0), z.lte(100_000)))
      .check(z.describe(`how many lines of each; ${usualLines}, or all that --since finds`)),
    since: z
      .optional(z.string())
      .check(z.describe('only what was written in this time: 10m, 2h; by the times that lines begin with')),
    grep: z.optional(z.string()).check(z.describe('only lines that hold this text')),
  }),
  output,
  async run(world, { names, lines, since, grep }) {
    const registry = await world.registry.read({ host: world.host })
    const services = new Set(names.map((name) => requireService(registry, world.host, name).name))
    const from = since === undefined ? null : world.clock.now().getTime() - parseWait(since)
    const answer: Logs['logs'] = []
    for (const service of services) {
      const [run] = await world.journal.runs({ service })
      if (!run) throw new Problem('no-log', { service })
      const searching = from !== null || grep !== undefined
      const { text, end, part } = await readBack(world, run, from, searching ? mostSearched : mostBytes)
      const found = linesWanted(lastLines(text, Infinity), { grep: grep ?? null, since: from })
      const most = lines ?? (from === null ? usualLines : Infinity)
      answer.push({ service, log: run.log, startedAt: run.startedAt, lines: lastOf(found, most), end, part })
    }
    return { logs: answer }
  },
})

/** The end of the run's log, reaching into its older parts as far as that is needed. */
async function readBack(
  world: World,
  { log }: Run,
  since: number | null,
  most: number,
): Promise<{ text: string; end: number; part: number }> {
  const parts = await world.files.parts(log)
  let { text, end } = await world.files.tail(log, -most, most)
  for (const part of parts.toReversed()) {
    if (text.length >= most || (since !== null && part.until < since)) break
    text = (await world.files.tail(part.path, -(most - text.length), most - text.length)).text + text
  }
  return { text, end, part: parts.at(-1)?.number ?? 0 }
}

/** The last lines of a text, without the empty one behind the last line break. */
export function lastLines(text: string, most: number): string[] {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  return lastOf(all, most)
}

function lastOf(lines: readonly string[], most: number): string[] {
  return most === 0 ? [] : lines.slice(-most)
}
