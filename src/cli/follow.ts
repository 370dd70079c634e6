import { linesWanted } from '../core/log-lines.ts'
import { printable } from '../core/text.ts'
import { LogFollower } from '../operations/follow-log.ts'
import type { Logs } from '../operations/logs.ts'
import type { World } from '../operations/world.ts'
import { paint, writeOut } from './terminal.ts'
import type { Colour, Screen } from './terminal.ts'

const pollMilliseconds = 200

/** Goes on writing what the logs get, from where the answer of `logs` ended, until the signal aborts. */
export async function followLogs(
  world: World,
  { logs }: Logs,
  grep: string | null,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const followers = logs.map((log) => new LogFollower(world, log))
  const before = prefixes(
    logs.map(({ service }) => service),
    screen,
  )
  while (!signal.aborted) {
    for (const [index, follower] of followers.entries()) {
      const lines = linesWanted(await follower.look(), { grep, since: null })
      if (lines.length) writeOut(prefixed(lines, before[index] ?? ''))
    }
    await world.clock.sleep(pollMilliseconds, signal)
  }
}

const colours: readonly Colour[] = ['cyan', 'yellow', 'green', 'magenta']

/** What stands in front of the lines of each service: its name, where there are several. */
export function prefixes(services: readonly string[], screen: Screen): string[] {
  if (services.length < 2) return services.map(() => '')
  const names = services.map(printable)
  const width = Math.max(...names.map((name) => name.length))
  return names.map(
    (name, index) => `${paint(screen, colours[index % colours.length] ?? 'cyan', name.padEnd(width))} | `,
  )
}

/** Lines, each made safe, each with what stands in front. */
export function prefixed(lines: readonly string[], before: string): string {
  return lines.map((line) => `${before}${printable(line)}\n`).join('')
}
