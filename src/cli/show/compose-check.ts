import { count, printable, shorten } from '../../core/text.ts'
import type { ComposeCheck } from '../../operations/compose-check.ts'
import { noticeLines } from './compose-notices.ts'

type ShownObstacle = ComposeCheck['obstacles'][number]

export function showComposeCheck({
  project,
  ports,
  obstacles,
  elsewhere,
  notices,
  refusal,
  engine,
}: ComposeCheck): string {
  const lines = [
    ...obstacles.flatMap((one) => [`${placeOf(one)}${saysOf(one)}`, `  ${hintOf(one)}`]),
    ...elsewhere.map(
      ({ service, registered, port, instead }) =>
        `${service}: nobody is in the way of ${port}, but ${registered} has ${instead} in the registry: 'ports compose' moves it there.`,
    ),
    ...noticeLines(notices, refusal),
    ...(engine ? [] : ['No engine answered, so containers were seen by their listeners only.']),
    obstacles.length || refusal !== null
      ? `${project} would not start as it is: ${count(obstacles.length, 'obstacle')}.`
      : `${project} would get ${ports === 1 ? 'its port' : `all its ${ports} ports`}.`,
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

function placeOf({ file, line }: ShownObstacle): string {
  return line > 0 ? `${file}:${line}: ` : ''
}

function saysOf({ kind, service, port, protocol, who, pid }: ShownObstacle): string {
  const spot = `${port}/${protocol}`
  switch (kind) {
    case 'project':
      return `${service} and ${who} of this project both publish ${spot}`
    case 'registry':
      return `${service} publishes ${spot}, which belongs to ${who}`
    case 'listener':
      return `${service} publishes ${spot}, which is held by ${shorten(who, 100)}${pid === null ? '' : ` (pid ${pid})`}`
    case 'other-project':
      return `${service} publishes ${spot}, which the container of ${who} has`
  }
}

function hintOf({ kind, service, port, who, instead }: ShownObstacle): string {
  if (instead !== null) return `The registry has ${instead} for it: 'ports compose' writes the override.`
  switch (kind) {
    case 'project':
      return `Give one of them another port: ports reserve "${service}" PORT, then ports compose.`
    case 'registry':
      return `Register the service with a port of its own: ports reserve "${service}" PORT, then ports compose.`
    case 'listener':
      return `See it with 'ports who ${port}', end it with 'ports kill ${port}', or give the service another port: ports reserve "${service}" PORT, then ports compose.`
    case 'other-project': {
      const [project = ''] = who.split('/')
      return `Stop it (docker compose -p ${project} stop), or give the service another port: ports reserve "${service}" PORT, then ports compose.`
    }
  }
}
