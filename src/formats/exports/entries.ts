import { anyAddress, anyIPv4, anyIPv6 } from '../../core/address.ts'
import type { Address } from '../../core/address.ts'
import type { PortNumber, Protocol } from '../../core/port.ts'
import { allocationsOf } from '../../core/registry.ts'
import type { Registry } from '../../core/registry.ts'
import { printable } from '../../core/text.ts'

/** What an export for another program is made from. */
export interface ExportSource {
  readonly registry: Registry
  readonly host: string
  /** The name under which this machine is reached. A checked host name. */
  readonly domain: string
  /** Whether a service may stand behind a web proxy. */
  readonly answersHttp: (service: string) => boolean
  /** Ports that the kernel keeps already, as `8080,9148-9150` would say. */
  readonly kept: readonly { readonly from: number; readonly to: number }[]
}

/** One allocation as other programs are told of it. Only `label` may stand outside of a comment or a quoted text: a service's name is a stranger's text. */
export interface ExportEntry {
  readonly service: string
  readonly description: string
  readonly range: string | null
  readonly port: PortNumber
  readonly protocol: Protocol
  readonly address: Address
  /** Lower-case letters of ASCII, digits and `-`, a letter in front, no other entry of its protocol has it: fit for host names and identifiers. */
  readonly label: string
}

/** With a port and a short domain behind it this still fits the hash table of a default nginx, which takes names of 46 characters (1.22). */
const longestLabel = 24

/** The allocations of the host: services in the order they were added, each by port, so that a new service changes no other entry's label. */
export function exportEntries({ registry, host }: Pick<ExportSource, 'registry' | 'host'>): ExportEntry[] {
  const used = new Set<string>()
  return registry.services
    .filter((service) => service.host === host)
    .flatMap((service) =>
      allocationsOf(registry, service).map(({ port, protocol, address }) => {
        const label = freeLabel(used, service.name, port, protocol)
        return {
          service: service.name,
          description: service.description,
          range: service.range,
          port,
          protocol,
          address,
          label,
        }
      }),
    )
}

function freeLabel(used: Set<string>, name: string, port: number, protocol: Protocol): string {
  const bare = labelOf(name)
  const tries = [bare, `${bare}-${port}`]
  for (let count = 2; ; count++) {
    const label = tries.shift() ?? `${bare}-${port}-${count}`
    if (used.has(`${label}/${protocol}`)) continue
    used.add(`${label}/${protocol}`)
    return label
  }
}

function labelOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestLabel)
    .replace(/^-+|-+$/g, '')
  if (words === '') return 'service'
  return /^[a-z]/.test(words) ? words : `s-${words}`.slice(0, longestLabel).replace(/-+$/, '')
}

/** Where a program on the same machine reaches the listener, IPv6 in brackets; null where only a network interface's name would tell. */
export function reachedAt({ address, port }: Pick<ExportEntry, 'address' | 'port'>): string | null {
  if (address.includes('%')) return null
  const near = address === anyAddress || address === anyIPv4 ? '127.0.0.1' : address === anyIPv6 ? '::1' : address
  return `${near.includes(':') ? `[${near}]` : near}:${port}`
}

/** Whether the domain means this machine to itself (RFC 6761, 6.3): what is written for it must not open anything to others. */
export function isOwnDomain(domain: string): boolean {
  return domain === 'localhost' || domain.endsWith('.localhost')
}

/** A line that says something and does nothing. Braces are spaced, because some programs look for variables in comments too. */
export function comment(text: string): string {
  return `# ${printable(text.toWellFormed()).replaceAll('{', '{ ')}`
}

/** `Grafana: Metrics dashboards`, or the bare name. */
export function titleOf({ service, description }: Pick<ExportEntry, 'service' | 'description'>): string {
  return description ? `${service}: ${description}` : service
}

/** What a web proxy can serve, and what it cannot, with the reason. */
export function webEntries(source: ExportSource): { entry: ExportEntry; target: string | null; why: string }[] {
  return exportEntries(source).map((entry) => {
    const target = reachedAt(entry)
    if (entry.protocol !== 'tcp') return { entry, target: null, why: 'it is no TCP service' }
    if (!source.answersHttp(entry.service)) return { entry, target: null, why: 'it does not speak HTTP' }
    return { entry, target, why: target === null ? 'its address names a network interface' : '' }
  })
}

/** The comment for what was left out. */
export function leftOut({ service, port, protocol }: ExportEntry, why: string): string {
  return comment(`left out: ${service} (${port}/${protocol}), ${why}`)
}
