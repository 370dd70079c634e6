import { portAfter } from '../../core/compose-plan.ts'
import type { ComposeStep } from '../../core/compose-plan.ts'
import type { Publish } from '../../core/compose.ts'
import type { PortNumber } from '../../core/port.ts'

/** One entry of `ports` as it is written: a text in the short syntax, a mapping in the long one. */
export type PortEntry = string | Readonly<Record<string, string | number>>

/** A published port with the number that it gets. */
interface Placed {
  readonly publish: Publish
  readonly port: PortNumber | null
  readonly portTo: PortNumber | null
}

/**
 * The entries of `ports` of one service with the plan done, in their order and in the syntax that each had. A range stays one as long as its ports stay
 * beside each other. `steps` are all those of the service. `oldest` writes what Compose 1.29 takes too: there the long syntax has no address, name
 * or application protocol, so such an entry becomes a short one, and what only describes it is left out.
 */
export function portEntries(steps: readonly ComposeStep[], oldest = false): PortEntry[] {
  const placed = steps.map((step): Placed => {
    const portTo = step.action === 'move' ? null : step.publish.publishedTo
    return { publish: step.publish, port: portAfter(step), portTo }
  })
  return [...Map.groupBy(placed, ({ publish }) => publish.entry).values()].flatMap((group) =>
    runsOf(group).map((run) => (isLong(run[0]?.publish, oldest) ? longEntry(run) : shortEntry(run))),
  )
}

function isLong(publish: Publish | undefined, oldest: boolean): boolean {
  if (publish?.syntax !== 'long') return false
  return !oldest || (publish.hostIp === null && publish.name === null && publish.appProtocol === null)
}

/** The ports of one entry, split wherever the next one is not the next number on both sides. */
function runsOf(group: readonly Placed[]): Placed[][] {
  const runs: Placed[][] = []
  for (const one of group) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && follows(last, one)) run.push(one)
    else runs.push([one])
  }
  return runs
}

function follows(last: Placed, next: Placed): boolean {
  if (next.publish.target !== last.publish.target + 1 || last.portTo !== null || next.portTo !== null) return false
  return last.port === null ? next.port === null : next.port === last.port + 1
}

function shortEntry(run: readonly Placed[]): string {
  const [first] = run
  const last = run.at(-1)
  if (!first || !last) return ''
  const { hostIp, protocol, target } = first.publish
  const address = hostIp === null ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`
  const from = first.port
  const published = from === null ? (address ? ':' : '') : `${blockText(from, last.portTo ?? last.port ?? from)}:`
  const suffix = protocol === 'tcp' ? '' : `/${protocol}`
  return `${address}${published}${blockText(target, last.publish.target)}${suffix}`
}

function longEntry([placed]: readonly Placed[]): Record<string, string | number> {
  if (!placed) return {}
  const { port, portTo, publish } = placed
  const { name, target, hostIp, protocol, appProtocol, mode } = publish
  return {
    ...(name === null ? {} : { name }),
    target,
    // Compose keeps it as text, and older ones take a text only.
    ...(port === null ? {} : { published: blockText(port, portTo ?? port) }),
    ...(hostIp === null ? {} : { host_ip: hostIp }),
    protocol,
    ...(appProtocol === null ? {} : { app_protocol: appProtocol }),
    mode,
  }
}

function blockText(from: number, to: number): string {
  return from === to ? `${from}` : `${from}-${to}`
}
