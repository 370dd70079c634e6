import type { Address } from './address.ts'
import type { PortNumber, Protocol } from './port.ts'

/** A port of this machine that an engine publishes for a container. */
export interface Published {
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
  /** The port inside the container that it leads to. */
  readonly target: PortNumber
  /**
   * Whether somebody listens there inside: `loopback` only where publishing does not reach it, `nobody` where the container is up and nothing listens. Null where
   * we could not look.
   */
  readonly inside: 'listens' | 'loopback' | 'nobody' | null
}

/** A running container, as its engine tells of it. */
export interface Container {
  readonly engine: 'docker' | 'podman'
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly image: string
  /** Compose project and service, null where Compose did not make it. */
  readonly project: string | null
  readonly service: string | null
  /** The registered service that a label on it names. */
  readonly label: string | null
  /** The folder of the compose project. */
  readonly folder: string | null
  /** Its first process as this machine numbers it; null where that is not known. */
  readonly pid: number | null
  readonly published: readonly Published[]
}

/** What the engines of this machine said, and those that said nothing of use. */
export interface EngineAnswers {
  readonly containers: readonly Container[]
  readonly unanswered: readonly UnansweredEngine[]
}

export interface UnansweredEngine {
  readonly socket: string
  /** `denied`: not for this user. `timeout`: nothing within the time. `garbage`: no answer of an engine. `down`: nobody accepts there. */
  readonly why: 'denied' | 'timeout' | 'garbage' | 'down'
}

export const noEngine: EngineAnswers = { containers: [], unanswered: [] }

/** The containers that publish the port, and how. */
export function publishersOf(
  containers: readonly Container[],
  protocol: Protocol,
  port: PortNumber,
): { container: Container; published: Published }[] {
  return containers.flatMap((container) =>
    container.published
      .filter((one) => one.protocol === protocol && one.port === port)
      .map((published) => ({ container, published })),
  )
}

/** Programs that listen for a container: they tell nothing about who answers. */
const publishers = new Set(['docker-proxy', 'dockerd', 'rootlessport', 'rootlesskit', 'slirp4netns', 'pasta', 'conmon'])

export function isPublisher(holder: { readonly name: string }): boolean {
  return publishers.has(holder.name)
}
