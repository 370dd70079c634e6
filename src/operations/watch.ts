import * as z from '../formats/zod.ts'
import { listenerEvents, verdictEvents } from '../core/history/port-event.ts'
import type { Judged, PortEvent } from '../core/history/port-event.ts'
import { protocols } from '../core/port.ts'
import { isProblem } from '../core/problem.ts'
import { verdicts } from '../core/verdict.ts'
import { showHolder } from './board.ts'
import { look } from './look.ts'
import type { Look } from './look.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { HistoryRecorder } from './record-history.ts'
import { holderShape } from './shapes.ts'
import type { World } from './world.ts'

const place = { at: z.string(), port: z.int(), protocol: z.enum(protocols), address: z.string() }

export type ShownEvent = z.output<typeof eventShape>
const eventShape = z.union([
  z.object({
    ...place,
    kind: z.enum(['opened', 'closed', 'taken-over']),
    user: z.string(),
    holders: z.array(holderShape),
    before: z.array(holderShape),
  }),
  z.object({
    ...place,
    kind: z.literal('verdict'),
    service: z.string(),
    from: z.enum(verdicts),
    to: z.enum(verdicts),
  }),
])

export const watch = operation({
  name: 'watch',
  summary: 'Keeps the board live, tells what opens, closes and is taken over, and writes the history.',
  effect: 'read',
  positional: [],
  examples: ['ports watch', 'ports watch --json | jq -c .', 'ports watch --every 5 --for 3600'],
  input: z.object({
    every: z.withDefault(z.coerce.number().check(z.gte(1), z.lte(3600)), 1).check(z.describe('seconds between looks')),
    for: z
      .optional(z.coerce.number().check(z.gte(0), z.lte(31_536_000)))
      .check(z.describe('end after so many seconds; never without it')),
  }),
  output: z.object({ events: z.array(eventShape) }),
  /** Where there is one answer and not a line for each event: until the time is over, or something has happened. */
  async run(world, input, call) {
    const events: ShownEvent[] = []
    for await (const seen of watching(world, input, call)) {
      events.push(...seen.events)
      if (input.for === undefined && events.length) break
    }
    return { events }
  },
})

export interface Seen {
  readonly look: Look
  /** What happened since the look before. */
  readonly events: readonly ShownEvent[]
}

/**
 * Looks again and again until the signal aborts or the time is over, and writes down what it sees. The first look has no events. What fails later is told as progress and tried again at
 * the next look; a history that cannot be written is told once, and the watch goes on without.
 */
export async function* watching(
  world: World,
  { every, for: seconds = Infinity }: { readonly every: number; readonly for?: number | undefined },
  call: Pick<Call, 'signal' | 'progress'>,
): AsyncGenerator<Seen, void, void> {
  const follower = world.machine.follow()
  const end = world.clock.elapsed() + seconds * 1000
  let recorder: HistoryRecorder | null = null
  try {
    let before = await look(world, await follower.look())
    recorder = await told(call, 'no history is written', () => HistoryRecorder.begin(world, before.listeners))
    yield { look: before, events: [] }
    while (!call.signal.aborted) {
      const left = end - world.clock.elapsed()
      if (left <= 0) return
      await world.clock.sleep(Math.min(every * 1000, left), call.signal)
      if (call.signal.aborted) return
      const seen = await told(call, 'looking again', async () => look(world, await follower.look()))
      if (!seen) continue
      const changed = verdictEvents(judgedOf(before), judgedOf(seen))
      const events: PortEvent[] = [...listenerEvents(before.listeners, seen.listeners), ...changed]
      const writer = recorder
      if (
        writer &&
        !(await told(
          call,
          'no more history is written',
          async () => (await writer.look(seen.listeners, changed), true),
        ))
      )
        recorder = null
      before = seen
      const at = world.clock.now().toISOString()
      yield { look: seen, events: events.map((event) => shown(event, at)) }
    }
  } finally {
    follower.close()
    const writer = recorder
    if (writer) await told(call, 'the end of the watch is not written', () => writer.end())
  }
}

/** The work, or null where it met a problem, which is told. */
async function told<Result>(
  call: Pick<Call, 'progress'>,
  what: string,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work()
  } catch (error) {
    if (!isProblem(error)) throw error
    call.progress(`${what}: ${error.message}`)
    return null
  }
}

function judgedOf({ judged }: Look): Judged[] {
  return [...judged].map(([{ protocol, address, port, service }, { verdict }]) => ({
    protocol,
    address,
    port,
    service,
    verdict,
  }))
}

function shown(event: PortEvent, at: string): ShownEvent {
  if (event.kind === 'verdict') return { ...event, at }
  return { ...event, at, holders: event.holders.map(showHolder), before: event.before.map(showHolder) }
}
