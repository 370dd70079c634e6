import { Drawing } from '../src/cli/watch/draw.ts'
import { afterLook, firstModel } from '../src/cli/watch/model.ts'
import { render } from '../src/cli/watch/render.ts'
import { boardOf } from '../src/operations/board.ts'
import { watching } from '../src/operations/watch.ts'
import { openWorld } from '../src/wiring.ts'
import { homeWithDocument } from './ports.ts'
import { below, heading, line } from './print.ts'

const refreshes = 10_000
const size = { columns: 120, rows: 50 }

/** What a refresh of the live board costs (look, verdicts, audit, history, picture), and whether 10,000 of them leave memory behind. */
export async function measureWatch(): Promise<void> {
  heading(`ports watch, 40 services, ${refreshes} refreshes without a pause`)
  const world = await openWorld({ ...process.env, IZA_PORTS_HOME: homeWithDocument() })
  const stop = new AbortController()
  const drawing = new Drawing({ terminal: true, colour: true, columns: size.columns })
  // The pause of the real clock is left out, and with it nothing else.
  const hurried = { ...world, clock: { ...world.clock, sleep: () => Promise.resolve() } }
  Object.defineProperty(hurried, 'host', { value: world.host })
  let model = firstModel
  let [count, settled, cpu] = [0, 0, process.cpuUsage()]
  for await (const { look } of watching(hurried, { every: 1 }, { signal: stop.signal, progress: console.log })) {
    model = afterLook(model, boardOf(hurried, look), [])
    drawing.frame(render(model, size), size)
    if (++count === refreshes / 10) {
      Bun.gc(true)
      settled = process.memoryUsage.rss()
      cpu = process.cpuUsage()
    }
    if (count === refreshes) stop.abort()
  }
  const used = process.cpuUsage(cpu)
  await world.close()
  const each = (used.user + used.system) / 1000 / (refreshes - refreshes / 10)
  line('of a core at one refresh a second', `${(each / 10).toFixed(3)} %`, 'below 1 %', each < 10)
  Bun.gc(true)
  below('more memory after 10,000 than after 1,000', (process.memoryUsage.rss() - settled) / 1e6, 'MB', 10)
}
