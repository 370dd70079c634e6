import type { ServeEvent } from '../core/serve-event.ts'
import { describeEnding } from '../core/serve-event.ts'
import { printable } from '../core/text.ts'
import type { Call } from '../operations/operation.ts'
import { keepUp } from '../operations/serve.ts'
import type { World } from '../operations/world.ts'
import { toJsonLine, writeOut } from './terminal.ts'

/** Each event as a line, as it happens. It goes on until it is interrupted, and as that is how it ends, the exit code is 0. */
export async function serveServices(world: World, call: Call, json: boolean): Promise<number> {
  const say = (line: string): void => writeOut(`${printable(line)}\n`)
  const { services } = await keepUp(world, call, (event) => (json ? writeOut(toJsonLine(event)) : say(lineOf(event))))
  if (!json) say(`Nobody keeps ${services} ${services === 1 ? 'service' : 'services'} up any more; what runs goes on.`)
  return 0
}

function lineOf(event: ServeEvent): string {
  return `${event.at} ${event.service} ${wordsOf(event)}`
}

function wordsOf(event: ServeEvent): string {
  switch (event.kind) {
    case 'started':
      return `is started on ${event.port} (pid ${event.pid})`
    case 'adopted':
      return `is adopted, it runs on ${event.port} (pid ${event.pid})`
    case 'ready':
      return `listens on ${event.port} (pid ${event.pid})`
    case 'ended':
      return event.why === null ? describeEnding(event.ending) : `is down: ${event.why}`
    case 'backing-off':
      return `is started again in ${event.milliseconds / 1000} s, after ${event.ends === 1 ? 'one end' : `${event.ends} ends`}`
    case 'failed':
      return `has failed and is left alone: ${event.why}. Start it again with: ports start "${event.service}"`
    case 'unhealthy':
      return `is not well: ${event.why}`
    case 'healthy':
      return 'is well again'
    case 'let-go':
      return 'is not wanted any more'
  }
}
