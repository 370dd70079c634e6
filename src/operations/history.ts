import * as z from '../formats/zod.ts'
import { heldDuring, stretchesOf, wallTimeOf } from '../core/history/watch.ts'
import { parseWhen } from '../core/history/when.ts'
import { protocols } from '../core/port.ts'
import { verdicts } from '../core/verdict.ts'
import { ownersOf } from './last-owners.ts'
import { operation } from './operation.ts'
import { ownerShape, portInput } from './shapes.ts'

const verdictChange = z.object({
  port: z.int(),
  protocol: z.enum(protocols),
  service: z.string(),
  at: z.nullable(z.string()),
  from: z.enum(verdicts),
  to: z.enum(verdicts),
})

export type HistoryAnswer = z.output<typeof output>
const output = z.object({
  port: z.nullable(z.int()),
  /** The time that was asked for, and whether somebody watched all of it, some of it or nothing. */
  at: z.nullable(z.object({ from: z.string(), until: z.string(), watched: z.enum(['all', 'some', 'none']) })),
  /** Since when there is a history; null where nobody ever watched. */
  since: z.nullable(z.string()),
  owners: z.array(ownerShape),
  verdicts: z.array(verdictChange),
  /** How many older ones were left out. */
  leftOut: z.int(),
})

export const history = operation({
  name: 'history',
  summary: 'Tells who had a port, and when, as far as ports watch was running.',
  effect: 'read',
  positional: ['port'],
  examples: ['ports history 3000', 'ports history 3000 --at 14:05', 'ports history --at "yesterday 14:05" --json'],
  input: z.object({
    port: z.optional(portInput).check(z.describe('only this port')),
    at: z.optional(z.string()).check(z.describe('who had it then: 14:05, yesterday, "2026-11-25 14:05"')),
    lines: z
      .withDefault(z.coerce.number().check(z.int(), z.gte(1), z.lte(100_000)), 50)
      .check(z.describe('how many, the newest')),
  }),
  output,
  async run(world, { port, at, lines }) {
    const asked = at === undefined ? null : parseWhen(at, world.clock.now())
    const { tenures, verdicts: changes, watches } = await world.journal.history(port === undefined ? {} : { port })
    const stretches = asked && stretchesOf(asked.from, asked.until, watches)
    const held = stretches ? heldDuring(tenures, stretches, watches) : tenures
    const shown = new Set(held.slice(-lines))
    // Flapping is told from all that is known of the port, not from what is shown.
    const owners = ownersOf(tenures, watches).filter((_, index) => shown.has(tenures[index] as never))
    const changed = changes.filter(
      (change) =>
        !stretches ||
        stretches.some(({ boot, from, until }) => boot === change.boot && from <= change.at && change.at <= until),
    )
    const [first] = watches
    return {
      port: port ?? null,
      at: asked && {
        from: new Date(asked.from).toISOString(),
        until: new Date(asked.until).toISOString(),
        watched: coverage(stretches ?? [], asked.until - asked.from),
      },
      since: first ? wallTimeOf({ boot: first.boot, at: first.from }, [first]) : null,
      owners,
      verdicts: changed.slice(-lines).map((change) => ({
        port: change.port,
        protocol: change.protocol,
        service: change.service,
        at: wallTimeOf({ boot: change.boot, at: change.at }, watches),
        from: change.from,
        to: change.to,
      })),
      leftOut: held.length - shown.size,
    }
  },
})

/** How much of a time was watched. Who watches looks once a second, so a second is as good as all of it. */
function coverage(
  stretches: readonly { readonly from: number; readonly until: number; readonly watched: boolean }[],
  length: number,
): 'all' | 'some' | 'none' {
  const watched = stretches.filter((stretch) => stretch.watched)
  if (!watched.length) return 'none'
  return watched.some(({ from, until }) => until - from >= length - 1000) ? 'all' : 'some'
}
