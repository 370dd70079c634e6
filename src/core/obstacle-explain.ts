import type { Obstacle } from './compose-check.ts'
import { shorten } from './text.ts'

/** An obstacle with whose port it is about. */
interface Told extends Pick<Obstacle, 'kind' | 'who' | 'pid'> {
  readonly service: string
  readonly port: number
  readonly protocol: string
  readonly instead: number | null
}

/** What is in the way, in one sentence without a full stop. */
export function sayObstacle({ kind, service, port, protocol, who, pid }: Told): string {
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

/** What to do about it. */
export function hintObstacle({ kind, service, port, who, instead }: Told): string {
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
