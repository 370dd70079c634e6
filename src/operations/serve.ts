import * as z from '../formats/zod.ts'
import { Problem } from '../core/problem.ts'
import type { ServeEvent } from '../core/serve-event.ts'
import { supervisorTurn } from '../core/setback.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { Reconciler } from './reconcile.ts'
import type { World } from './world.ts'

/** Between two looks; milliseconds. A service that died is seen soon enough for a person, and fifty of them cost nothing to speak of. */
const pause = 500

/** After so many looks what was to be started mostly is. */
const looksOfStart = 10

export type Served = z.output<typeof output>
const output = z.object({
  /** How many services were kept up at the end. They go on. */
  services: z.int(),
})

export const serve = operation({
  name: 'serve',
  summary: 'Keeps the wanted services up until it is interrupted: what ends comes back by its restart policy.',
  effect: 'write',
  positional: [],
  examples: ['ports serve', 'ports serve --json'],
  input: z.object({}),
  output,
  async run(world, _input, call) {
    return keepUp(world, call, () => {})
  },
})

/**
 * Keeps the wanted services up until the signal aborts, and tells what happens. Nothing that runs is ended when it stops, however it stops: the next one
 * adopts it. Throws `supervisor-there` where somebody does so already.
 */
export async function keepUp(world: World, call: Call, tell: (event: ServeEvent) => void): Promise<Served> {
  await takeOffice(world)
  const reconciler = new Reconciler({
    world,
    call,
    tell: (service, news) => tell({ at: world.clock.now().toISOString(), service, ...news }),
  })
  try {
    for (let looks = 1; !call.signal.aborted; looks++) {
      await reconciler.look()
      if (looks === looksOfStart) await world.machine.trimMemory()
      await world.clock.sleep(pause, call.signal)
    }
    return { services: reconciler.size }
  } finally {
    await world.journal.endTurn(supervisorTurn, world.machine.self())
  }
}

/** The right belongs to a living process: one that was killed leaves nothing that has to be cleaned up. */
async function takeOffice(world: World): Promise<void> {
  const self = world.machine.self()
  for (;;) {
    const other = await world.journal.takeTurn(supervisorTurn, self, null)
    if (other === null) return
    if (await world.machine.alive(other)) throw new Problem('supervisor-there', { pid: other.pid })
    if ((await world.journal.takeTurn(supervisorTurn, self, other)) === null) return
  }
}
