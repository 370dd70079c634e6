import { z } from 'zod'
import { Problem } from '../core/problem.ts'
import { requireService } from './named.ts'
import { operation } from './operation.ts'

/** As much of the end of a log as is read to find its last lines. */
const mostBytes = 1 << 20

export type Logs = z.output<typeof output>
const output = z.object({
  service: z.string(),
  log: z.string(),
  startedAt: z.string(),
  lines: z.array(z.string()),
  end: z.int(),
})

export const logs = operation({
  name: 'logs',
  summary: 'Shows the last lines that the newest run of a service wrote.',
  effect: 'read',
  positional: ['name'],
  examples: ['ports logs Grafana', 'ports logs Grafana --lines 200', 'ports logs Grafana --follow'],
  input: z.object({
    name: z.string().describe('the service'),
    lines: z.coerce.number().int().min(0).max(100_000).default(50).describe('how many lines'),
  }),
  output,
  async run(world, { name, lines }) {
    const registry = await world.registry.read({ host: world.host })
    const service = requireService(registry, world.host, name).name
    const [run] = await world.journal.runs({ service })
    if (!run) throw new Problem('no-log', { service })
    const { text, end } = await world.files.tail(run.log, -mostBytes, mostBytes)
    return { service, log: run.log, startedAt: run.startedAt, lines: lastLines(text, lines), end }
  },
})

/** The last lines of a text, without the empty one behind the last line break. */
export function lastLines(text: string, most: number): string[] {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  return most === 0 ? [] : all.slice(-most)
}
