import type { Protocol } from './port.ts'

/** What is known of services in general, whatever the registry says; the catalog has it. */
export interface KnownServices {
  /** The service that people expect at the port of any machine. */
  readonly famousAt: (port: number) => string | null
  /** Whether the port is one that the service of this name has everywhere, so that its users expect it there. */
  readonly isHome: (service: string, port: number) => boolean
  /** The name that IANA has assigned the port to. */
  readonly assignedAt: (port: number, protocol: Protocol) => string | null
}
