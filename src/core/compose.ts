import type { PortNumber } from './port.ts'

/** Where something stands in a file: line and column from 1, 0 where the text was not read by us (`docker compose config`). */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One container port that Compose makes reachable from the host. A range of ports is one `Publish` for each. */
export interface Publish extends Place {
  /** The compose service. */
  readonly service: string
  /** As written, without brackets; null where nothing is written, which means every address. */
  readonly hostIp: string | null
  /** Null where the engine picks a free port at each start. */
  readonly published: PortNumber | null
  /** Where one container port is given a range (`8000-8010:80`): its end, and the engine picks from `published` to it. */
  readonly publishedTo: PortNumber | null
  readonly target: PortNumber
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly mode: string
  readonly name: string | null
  readonly appProtocol: string | null
  /** Which entry of the service's merged `ports` it comes from: those of one range share it. */
  readonly entry: number
  readonly syntax: 'short' | 'long'
}

export interface ComposeService {
  readonly name: string
  readonly image: string | null
  readonly containerName: string | null
  /** Further names by which the others reach it on a network of the project. */
  readonly aliases: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly profiles: readonly string[]
  /** Whether it starts with the profiles that were asked for. */
  readonly active: boolean
  /** `network_mode: host`: it publishes nothing, whatever `ports` says, because its sockets are the host's own. */
  readonly hostNetwork: boolean
  readonly publishes: readonly Publish[]
}

/** Something that works with this Compose and is likely not what its author means. */
export interface ComposeNotice extends Place {
  /**
   * `sexagesimal`: an unquoted `22:22`, which Compose 1 reads as a number of base 60. `unset`: a variable without value and default.
   * `host-network`: `ports` of a service that uses the host's network.
   */
  readonly what: 'sexagesimal' | 'unset' | 'host-network'
  readonly text: string
}

/** What a compose project publishes, merged from all its files. */
export interface ComposeProject {
  readonly name: string
  /** Every file that was read, in the order of reading. */
  readonly files: readonly string[]
  /** In the order of the files. */
  readonly services: readonly ComposeService[]
  readonly notices: readonly ComposeNotice[]
}
