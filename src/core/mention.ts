import type { ComposeService } from './compose.ts'
import type { PortNumber, Protocol } from './port.ts'

/** By what a file tells whose port it speaks of. */
export type NamedBy =
  | 'variable'
  | 'row'
  | 'label'
  | 'process'
  | 'script'
  | 'upstream'
  | 'site'
  | 'scheme'
  | 'package'
  | 'folder'

export interface MentionName {
  readonly by: NamedBy
  /** As it is written: `GRAFANA_PORT`, `Grafana`. */
  readonly text: string
}

/** A compose service that publishes the port. */
interface MentionPublish {
  readonly service: ComposeService
  readonly target: PortNumber
  /** The list is marked `!override`: what other files publish for this service does not count. */
  readonly replaces: boolean
  /** It is published where the file is run, which need not be this machine: on a runner of GitHub. */
  readonly elsewhere: boolean
}

/** A port that stands in a text, in digits. */
export interface Mention {
  /** Where the digits stand, in UTF-16 units of the text; the end is not included. */
  readonly start: number
  readonly end: number
  readonly port: PortNumber
  readonly protocol: Protocol
  /**
   * `listens`: what the file belongs to takes the port. `connects`: somebody else is expected there. `fronts`: a proxy takes the port for whomever it serves, so
   * that neither its folder nor its site's name tells whose it is.
   */
  readonly side: 'listens' | 'connects' | 'fronts'
  /** The one that tells most first. */
  readonly names: readonly MentionName[]
  readonly publish: MentionPublish | null
}

/** A mention with the file that it stands in. */
export interface PlacedMention extends Mention {
  /** Path from the folder that was looked at, with `/`. */
  readonly file: string
  /** 1-based, in characters as editors count them. */
  readonly line: number
  readonly column: number
  /** Owner id of the workspace that the file belongs to. */
  readonly workspace: string
}
